"""The campaign of a wave: announced, reminded, transferred, reminded to activate, settled; each once, at its time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio

from tests.harness.eventually import eventually
from tests.harness.service import NOW, RunningService
from tests.shop.transfers.steps import a_wave, at, every, files_of, get, post, settled, transfer_of, upload

TRANSFER_DAY = datetime(2027, 2, 23, 12, 0, tzinfo=UTC)
DAY_BEFORE = TRANSFER_DAY - timedelta(days=1)


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def imported(shop: RunningService) -> None:
    """The sample export, and the clock back on its day."""
    shop.clock.set(NOW)
    if not (await get(shop, "/legacy-customers"))["items"]:
        await upload(shop)


async def told(shop: RunningService, wave: Any, kind: str) -> list[dict[str, Any]]:
    """What was told of a wave's transfers."""
    found = await shop.published(f"shop.transfer.{kind}.v1")
    return [event for event in found if event["wave_id"] == wave["id"]]


async def a_scheduled_wave(shop: RunningService, *customers: str, on: str = "2027-02-23") -> Any:
    wave = await a_wave(shop, list(customers), on)
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await settled(shop)
    return wave


async def mail(shop: RunningService, kind: str, transfer_id: str, template: str) -> None:
    """Notifications tells what became of a mail."""
    await shop.deliver(
        f"notifications.message.{kind}.v1",
        {"message_id": f"msg_{kind}", "template": template, "correlation": f"transfer:{transfer_id}"},
        subject=f"msg_{kind}_{transfer_id}",
    )


async def test_everything_happens_at_the_days_beginning_in_the_customers_own_time_zone(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10018", "C10037")
    assert await told(shop, wave, "announced") == []

    await at(shop, datetime(2027, 2, 8, 23, 0, tzinfo=UTC))
    assert [e["legacy_customer_id"] for e in await told(shop, wave, "announced")] == ["C10018"]
    await at(shop, datetime(2027, 2, 9, 8, 0, tzinfo=UTC))
    announced = await told(shop, wave, "announced")
    assert [e["legacy_customer_id"] for e in announced] == ["C10018", "C10037"]
    assert [e["short_notice"] for e in announced] == [False, False]
    assert (announced[0]["transfer_on"], announced[0]["revision"]) == ("2027-02-23", 1)

    await at(shop, datetime(2027, 2, 22, 8, 0, tzinfo=UTC))
    assert len(await told(shop, wave, "reminder_due")) == 2
    await at(shop, datetime(2027, 2, 22, 23, 0, tzinfo=UTC))
    assert [e["legacy_customer_id"] for e in await told(shop, wave, "transferred")] == ["C10018"]
    await at(shop, datetime(2027, 2, 23, 8, 0, tzinfo=UTC))
    assert [e["legacy_customer_id"] for e in await told(shop, wave, "transferred")] == ["C10018", "C10037"]

    shown = await get(shop, f"/transfer-waves/{wave['id']}")
    assert (shown["state"], shown["funnel"]["announced"], shown["funnel"]["transferred"]) == ("completed", 2, 2)
    transfer = await transfer_of(shop, wave["id"], "C10018")
    timeline = (await get(shop, f"/transfers/{transfer['id']}"))["timeline"]
    assert [entry["what"] for entry in timeline] == ["announced", "reminded", "transferred"]


async def test_less_than_two_weeks_notice_announces_at_once(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10017", on="2027-02-10")

    [announced] = await told(shop, wave, "announced")
    assert (announced["short_notice"], announced["previous_transfer_on"]) == (True, None)
    assert announced["buyer"]["email"] == "info@kornak-ruchala-czesci-samochodowe.example"
    assert announced["organization"]["time_zone"] == "Europe/Warsaw"
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_a_jump_over_two_weeks_announces_and_transfers_once_and_skips_the_reminder(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10019")

    await at(shop, TRANSFER_DAY + timedelta(days=1))

    assert len(await told(shop, wave, "announced")) == 1
    assert await told(shop, wave, "reminder_due") == []
    [moved] = await told(shop, wave, "transferred")
    assert [one_off["legacy_id"] for one_off in moved["one_offs"]] == ["L50001"]
    assert moved["one_offs"][0]["applications"] == [
        "parts-catalogue", "repair-manuals", "labour-times", "diagnostics",
    ]  # fmt: skip
    await at(shop, TRANSFER_DAY + timedelta(days=2))
    assert len(await told(shop, wave, "transferred")) == 1


async def test_another_date_is_announced_at_once_to_whoever_was_told_the_old_one(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10022")
    await at(shop, datetime(2027, 2, 10, 12, 0, tzinfo=UTC))
    async with shop.operator() as operator:
        answer = await operator.patch(f"/api/v1/transfer-waves/{wave['id']}", json={"transfer_on": "2027-03-16"})
    assert answer.status_code == 200

    await settled(shop)
    announced = await told(shop, wave, "announced")
    assert [(e["transfer_on"], e["revision"], e["previous_transfer_on"]) for e in announced] == [
        ("2027-02-23", 1, None),
        ("2027-03-16", 2, "2027-02-23"),
    ]
    await at(shop, TRANSFER_DAY)
    assert await told(shop, wave, "transferred") == []
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_a_date_that_moves_away_and_back_unnoticed_tells_nobody_anything_again(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10022", "C10023")
    path = f"/transfer-waves/{wave['id']}"
    for now, state in ((datetime(2027, 2, 10, 12, tzinfo=UTC), "announced"), (DAY_BEFORE, "reminded")):
        await at(shop, now)

        await post(shop, f"{path}/pause")
        async with shop.operator() as operator:
            for day in ("2027-03-16", "2027-02-23"):
                answer = await operator.patch(f"/api/v1{path}", json={"transfer_on": day})
                assert answer.status_code == 200
        await post(shop, f"{path}/resume")
        await settled(shop)

        assert (await get(shop, path))["states"] == {state: 2}
        assert len(await told(shop, wave, "announced")) == 2
    assert len(await told(shop, wave, "reminder_due")) == 2
    await post(shop, f"{path}/cancel")


async def test_a_cancelled_wave_sends_nothing_more_and_frees_its_customers(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10023")
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")

    await at(shop, TRANSFER_DAY)

    assert await told(shop, wave, "announced") == []
    assert (await transfer_of(shop, wave["id"], "C10023"))["state"] == "cancelled"
    await a_wave(shop, ["C10023"], "2027-03-30")


async def test_a_paused_wave_stands_still_until_it_is_resumed(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10024")
    await post(shop, f"/transfer-waves/{wave['id']}/pause")
    await at(shop, datetime(2027, 2, 22, 12, 0, tzinfo=UTC))
    assert await told(shop, wave, "announced") == []

    await post(shop, f"/transfer-waves/{wave['id']}/resume")
    await settled(shop)

    assert len(await told(shop, wave, "announced")) == 1
    assert len(await told(shop, wave, "reminder_due")) == 1
    assert await told(shop, wave, "transferred") == []
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_a_mail_that_comes_back_holds_the_customer_until_an_operator_decides(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10025")
    await at(shop, datetime(2027, 2, 10, 12, 0, tzinfo=UTC))
    transfer = await transfer_of(shop, wave["id"], "C10025")
    await mail(shop, "bounced", transfer["id"], "transfer-announcement")

    await at(shop, TRANSFER_DAY)
    held = await transfer_of(shop, wave["id"], "C10025")
    assert (held["state"], held["failure_code"]) == ("held", "mail_bounced")
    assert await told(shop, wave, "transferred") == []
    needs = (await get(shop, f"/transfer-waves/{wave['id']}/follow-up"))["items"][0]["needs"]
    assert needs == ["mail_not_delivered", "held"]

    retried = await post(shop, f"/transfers/{transfer['id']}/retry")
    assert retried["state"] == "transferred"
    await mail(shop, "bounced", transfer["id"], "transfer-welcome")
    assert (await transfer_of(shop, wave["id"], "C10025"))["mail_failed"] is True


async def test_a_mended_address_is_told_again(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10028")
    await at(shop, datetime(2027, 2, 10, 12, 0, tzinfo=UTC))
    transfer = await transfer_of(shop, wave["id"], "C10028")
    await mail(shop, "failed", transfer["id"], "transfer-announcement")
    files = files_of()
    files["customers.csv"] = files["customers.csv"].replace(b"m.roysianos@", b"new@")
    await upload(shop, files, exported_on="2027-02-10")

    retried = await post(shop, f"/transfers/{transfer['id']}/retry")

    assert (retried["state"], retried["revision"]) == ("announced", 2)
    assert [e["buyer"]["email"].split("@")[0] for e in await told(shop, wave, "announced")] == ["m.roysianos", "new"]
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_who_does_not_activate_is_reminded_after_three_and_ten_days(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10026", "C10029")
    await at(shop, TRANSFER_DAY)
    await shop.deliver(
        "identity.account.activated.v1",
        {"account_id": "acc_1", "email": "valeri.hofmann@hofmann-autoteile.example", "organization_ids": []},
        subject="acc_1",
    )
    transfer = await transfer_of(shop, wave["id"], "C10029")
    assert (transfer["state"], transfer["activated_at"] is not None) == ("activated", True)

    for days in (3, 4, 10, 11):
        await at(shop, TRANSFER_DAY + timedelta(days=days))

    reminded = await told(shop, wave, "activation_reminder_due")
    assert [(e["legacy_customer_id"], e["step"]) for e in reminded] == [("C10026", 1), ("C10026", 2)]


async def test_thirty_quiet_days_settle_a_transfer_and_a_first_renewal_does_so_at_once(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10032", "C10036")
    await at(shop, TRANSFER_DAY)

    await at(shop, datetime(2027, 3, 14, 12, 0, tzinfo=UTC))

    async def renewed() -> bool:
        await shop.work()
        return (await transfer_of(shop, wave["id"], "C10032"))["state"] == "settled"

    await eventually(renewed, within=20)
    assert (await transfer_of(shop, wave["id"], "C10032"))["first_renewal_at"] is not None
    assert (await transfer_of(shop, wave["id"], "C10036"))["state"] == "transferred"
    await at(shop, TRANSFER_DAY + timedelta(days=31))
    assert (await transfer_of(shop, wave["id"], "C10036"))["state"] == "settled"
    assert {e["legacy_customer_id"] for e in await told(shop, wave, "settled")} == {"C10032", "C10036"}


async def test_sent_mails_stand_in_the_timeline(shop: RunningService):
    wave = await a_scheduled_wave(shop, "C10038")
    await at(shop, datetime(2027, 2, 10, 12, 0, tzinfo=UTC))
    transfer = await transfer_of(shop, wave["id"], "C10038")

    await mail(shop, "sent", transfer["id"], "transfer-announcement")

    timeline = (await get(shop, f"/transfers/{transfer['id']}"))["timeline"]
    assert [(e["what"], e["detail"].get("template")) for e in timeline][-1] == ("mail_sent", "transfer-announcement")
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_nobody_ever_got_the_same_mail_twice(shop: RunningService):
    for kind in ("announced", "reminder_due", "transferred"):
        events = await shop.published(f"shop.transfer.{kind}.v1")
        keys = [(event["transfer_id"], event["revision"]) for event in events]
        assert len(keys) == len(set(keys)), kind
    transfers = await every(shop, "/transfers")
    assert len({t["id"] for t in transfers}) == len(transfers)
