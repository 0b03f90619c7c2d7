"""Nobody moves whose renewal is close to the transfer: held, listed, and moved once the renewal is over."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import pytest_asyncio

from shop.transfers.rules.decisions import Circumstances
from tests.harness.service import NOW, RunningService
from tests.shop.transfers.steps import a_wave, at, every, files_of, get, post, settled, transfer_of, upload

TRANSFER_DAY = datetime(2027, 2, 23, 12, 0, tzinfo=UTC)
CODE = "renewal_in_safety_window"


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def imported(shop: RunningService) -> None:
    """The sample export, and the clock back on its day."""
    shop.clock.set(NOW)
    if not (await get(shop, "/legacy-customers"))["items"]:
        await upload(shop)


async def a_wave_with_window(shop: RunningService, days: int, customers: Any, **more: Any) -> Any:
    wanted = {"name": "Careful", "transfer_on": "2027-02-23", "customers": customers, "safety_window_days": days}
    return await post(shop, "/transfer-waves", {**wanted, **more}, status=201)


async def patch(shop: RunningService, wave: Any, status: int = 200, **changes: Any) -> Any:
    async with shop.operator() as operator:
        answer = await operator.patch(f"/api/v1/transfer-waves/{wave['id']}", json=changes)
    assert answer.status_code == status, answer.text
    return answer.json()


async def told(shop: RunningService, wave: Any, kind: str) -> list[dict[str, Any]]:
    found = await shop.published(f"shop.transfer.{kind}.v1")
    return [event for event in found if event["wave_id"] == wave["id"]]


@pytest.mark.parametrize(
    ("days", "renewal_on", "is_in_window"),
    [
        (0, date(2027, 2, 23), False),
        (0, date(2027, 2, 24), False),
        (3, date(2027, 2, 22), False),
        (3, date(2027, 2, 23), True),
        (3, date(2027, 2, 26), True),
        (3, date(2027, 2, 27), False),
        (60, date(2027, 4, 24), True),
    ],
)
def test_both_ends_of_the_window_count_and_none_means_none(days: int, renewal_on: date, is_in_window: bool):
    circumstances = Circumstances(date(2027, 2, 5), date(2027, 2, 23), frozenset(), days)

    assert circumstances.is_in_window(renewal_on) is is_in_window


async def test_the_dry_run_says_who_would_be_held_and_who_acts(shop: RunningService):
    wave = await a_wave_with_window(shop, 5, ["C10031"])
    assert wave["safety_window_days"] == 5

    [held] = (await post(shop, f"/transfer-waves/{wave['id']}/check"))["customers"]
    assert (await patch(shop, wave, safety_window_days=4))["safety_window_days"] == 4
    [moving] = (await post(shop, f"/transfer-waves/{wave['id']}/check"))["customers"]

    assert (held["outcome"], [(c["code"], c["who_acts"]) for c in held["codes"]]) == ("blocked", [(CODE, "operator")])
    assert "after the renewal with a newer export" in held["codes"][0]["detail"]
    assert {s["outcome"] for s in held["subscriptions"]} == {"blocked"}
    assert (moving["outcome"], moving["codes"]) == ("moves", [])
    alone = await get(shop, "/legacy-customers/C10031", transfer_on="2027-02-23", safety_window_days=5)
    assert [c["code"] for c in alone["codes"]] == [CODE]
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_who_was_told_the_date_and_comes_into_the_window_is_told_that_it_is_put_off_and_then_the_date_anew(
    shop: RunningService,
):
    wave = await a_wave(shop, ["C10037"])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, datetime(2027, 2, 12, 12, 0, tzinfo=UTC))
    await patch(shop, wave, safety_window_days=2)
    await settled(shop)
    assert (await transfer_of(shop, wave["id"], "C10037"))["state"] == "held"
    [failed] = await told(shop, wave, "failed")
    assert (failed["code"], failed["revision"]) == (CODE, 1)
    await patch(shop, wave, safety_window_days=3)
    await settled(shop)
    assert len(await told(shop, wave, "failed")) == 1

    await patch(shop, wave, safety_window_days=0)
    await settled(shop)

    assert [e["revision"] for e in await told(shop, wave, "announced")] == [1, 2]
    await at(shop, TRANSFER_DAY)
    transfer = await transfer_of(shop, wave["id"], "C10037")
    assert transfer["state"] == "transferred"
    timeline = (await get(shop, f"/transfers/{transfer['id']}"))["timeline"]
    assert [e["what"] for e in timeline] == ["announced", "held", "let_go_on", "announced", "transferred"]


async def test_nobody_in_the_window_moves_on_the_day_whatever_was_decided_before(shop: RunningService):
    wave = await a_wave(shop, ["C10020"])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, datetime(2027, 2, 22, 12, 0, tzinfo=UTC))
    assert (await transfer_of(shop, wave["id"], "C10020"))["state"] == "reminded"
    await patch(shop, wave, safety_window_days=60)

    await at(shop, TRANSFER_DAY)

    assert (await transfer_of(shop, wave["id"], "C10020"))["state"] == "held"
    assert await told(shop, wave, "transferred") == []
    assert [e["code"] for e in await told(shop, wave, "failed")] == [CODE]


async def test_a_wave_without_window_takes_who_is_held_in_another(shop: RunningService):
    careful = await a_wave_with_window(shop, 10, ["C10021"])
    await post(shop, f"/transfer-waves/{careful['id']}/schedule")
    await settled(shop)
    assert (await transfer_of(shop, careful["id"], "C10021"))["state"] == "held"

    other = await a_wave(shop, ["C10021"], name="Without window")

    assert (await transfer_of(shop, careful["id"], "C10021"))["state"] == "cancelled"
    await post(shop, f"/transfer-waves/{other['id']}/schedule")
    await at(shop, TRANSFER_DAY)
    assert (await transfer_of(shop, other["id"], "C10021"))["state"] == "transferred"


async def test_a_filter_can_leave_them_out(shop: RunningService):
    around = {"renewal_from": "2027-02-24", "renewal_to": "2027-03-14", "outcome": "moves"}
    everybody = await a_wave_with_window(shop, 6, around)
    found = {t["legacy_customer_id"] for t in await every(shop, "/transfers", wave=everybody["id"])}
    checked = await post(shop, f"/transfer-waves/{everybody['id']}/check")
    held = {c["legacy_id"] for c in checked["customers"] if [r["code"] for r in c["codes"]] == [CODE]}
    await post(shop, f"/transfer-waves/{everybody['id']}/cancel")

    careful = await a_wave_with_window(shop, 6, {**around, "outside_safety_window": True})

    left = {t["legacy_customer_id"] for t in await every(shop, "/transfers", wave=careful["id"])}
    assert held
    assert left == found - held
    assert careful["filter"]["outside_safety_window"] is True


@pytest.mark.parametrize("days", [-1, 61, 1.5, "many"])
async def test_a_window_is_a_number_of_days_up_to_sixty(shop: RunningService, days: Any):
    wanted = {"name": "W", "transfer_on": "2027-02-23", "customers": ["C10016"], "safety_window_days": days}
    await post(shop, "/transfer-waves", wanted, status=422)


async def test_scheduling_holds_them_without_a_mail_and_they_move_after_the_renewal_with_a_newer_export(
    shop: RunningService,
):
    wave = await a_wave_with_window(shop, 3, ["C10017", "C10018"])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await settled(shop)
    held = await transfer_of(shop, wave["id"], "C10017")
    assert (held["state"], held["failure_code"], held["next_at"]) == ("held", CODE, None)
    assert [t["id"] for t in await every(shop, "/transfers", code=CODE, state="held", wave=wave["id"])] == [held["id"]]

    await at(shop, TRANSFER_DAY)
    assert (await transfer_of(shop, wave["id"], "C10018"))["state"] == "transferred"
    assert {e["legacy_customer_id"] for e in await told(shop, wave, "announced")} == {"C10018"}
    assert await told(shop, wave, "failed") == []
    follow_up = {
        f["legacy_customer_id"]: f["needs"] for f in await every(shop, f"/transfer-waves/{wave['id']}/follow-up")
    }
    assert follow_up["C10017"] == ["held"]

    await at(shop, datetime(2027, 2, 25, 12, 0, tzinfo=UTC))
    assert (await get(shop, f"/transfer-waves/{wave['id']}"))["state"] == "completed"
    too_early = await post(shop, f"/transfers/{held['id']}/retry", status=409)
    assert "import a newer one" in too_early["detail"]
    await upload(shop, renewed("C10017"), exported_on="2027-02-25")
    moved = await post(shop, f"/transfers/{held['id']}/retry")

    assert moved["state"] == "transferred"
    assert [e["what"] for e in moved["timeline"]] == ["held", "retried", "announced", "transferred"]
    assert {s["next_renewal_on"] for s in moved["moved"]["subscriptions"]} == {"2028-02-24", "2028-01-26"}


def renewed(customer: str) -> dict[str, bytes]:
    """The export after the old shop has renewed what it renews on 24 February."""
    files = files_of()
    lines = files["subscriptions.csv"].decode().splitlines()
    columns = lines[0].split(",")
    for at_line, line in enumerate(lines):
        values = dict(zip(columns, line.split(","), strict=False))
        if values.get("customer_id") == customer and values["term_end"] == "2027-02-23":
            is_month = values["interval"] == "month"
            values |= {"term_start": "2027-02-24", "term_end": "2027-03-23" if is_month else "2028-02-23"}
            values["next_renewal_on"] = ""
            lines[at_line] = ",".join(values[column] for column in columns)
    return {**files, "subscriptions.csv": ("\n".join(lines) + "\n").encode()}
