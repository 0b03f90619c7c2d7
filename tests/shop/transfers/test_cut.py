"""The day itself: everything moves or nothing does; blocked, retried, postponed, put back."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from shop.transfers import store
from shop.transfers.campaign.work import work_through
from shop.transfers.cut.carry import MovingCustomer
from shop.transfers.cut.move import move_all
from shop.transfers.evaluate import evaluate_transfers, read_world
from shop.transfers.policy import policy_of
from shop.transfers.rules.moving import moving
from tests.harness.service import NOW, RunningService
from tests.shop.transfers.steps import a_wave, at, files_of, get, post, settled, transfer_of, upload

TRANSFER_DAY = datetime(2027, 2, 23, 12, 0, tzinfo=UTC)


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def imported(shop: RunningService) -> None:
    """The sample export, and the clock back on its day."""
    shop.clock.set(NOW)
    if not (await get(shop, "/legacy-customers"))["items"]:
        await upload(shop)


async def a_moved_customer(shop: RunningService, legacy_id: str) -> tuple[Any, dict[str, Any]]:
    wave = await a_wave(shop, [legacy_id])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, TRANSFER_DAY)
    return wave, await transfer_of(shop, wave["id"], legacy_id)


async def rows(shop: RunningService, table: str, organization_id: str) -> int:
    async with shop.runtime.database.read() as reader:
        counted = text(f"SELECT count(*) FROM {table} WHERE organization_id = :org")
        return int(await reader.scalar(counted, {"org": organization_id}))


async def test_everything_of_a_customer_is_carried_over_and_nothing_is_charged(shop: RunningService):
    wave, transfer = await a_moved_customer(shop, "C10021")

    assert transfer["state"] == "transferred"
    organization_id = transfer["organization_id"]
    async with shop.client(scopes="orders:read", org=organization_id) as buyer:
        subscriptions = (await buyer.get("/api/v1/subscriptions")).json()["items"]
        orders = (await buyer.get("/api/v1/orders")).json()["items"]
    by_number = {s["number"]: s for s in subscriptions}
    assert set(by_number) == {"S-2027-200041", "S-2026-200042"}
    moved = by_number["S-2026-200042"]
    assert (moved["quantity"], moved["unit_price"]["amount"], moved["billing_owner"]) == (124, 49900, "new_shop")
    assert (moved["term"]["last_day"], moved["next_renewal_on"]) == ("2027-03-02", "2027-03-03")
    assert len(orders) == 5
    assert await rows(shop, "charges", organization_id) == 0
    report = await get(shop, f"/transfer-waves/{wave['id']}/report")
    assert (report["is_reconciled"], report["seats"]["waiting"]) == (True, 123)
    release = await download(shop, f"/transfer-waves/{wave['id']}/release-list")
    assert [line.split(",")[:4] for line in release.splitlines()[1:]] == [
        ["release", "C10021", "S200041", "S-2027-200041"],
        ["release", "C10021", "S200042", "S-2026-200042"],
    ]


async def download(shop: RunningService, path: str) -> str:
    async with shop.operator() as operator:
        return (await operator.get(f"/api/v1{path}", headers={"Accept": "text/csv"})).text


async def test_who_is_blocked_hears_nothing_is_left_as_before_and_is_retried_once_mended(shop: RunningService):
    wave, failed = await a_moved_customer(shop, "C10001")

    assert (failed["state"], failed["failure_code"]) == ("failed", "missing_email")
    assert [e for e in await shop.published("shop.transfer.announced.v1") if e["wave_id"] == wave["id"]] == []
    assert await rows(shop, "customers", failed["organization_id"]) == 0
    found = await get(shop, "/transfers", code="missing_email", state="failed")
    assert [t["id"] for t in found["items"]] == [failed["id"]]

    files = files_of()
    files["customers.csv"] = files["customers.csv"].replace(b"GmbH, ,Sibilla", b"GmbH,sibilla@w.example,Sibilla")
    await upload(shop, files, exported_on="2027-02-23")
    retried = await post(shop, f"/transfers/{failed['id']}/retry")

    assert retried["state"] == "transferred"
    assert [e["what"] for e in retried["timeline"]] == ["failed", "retried", "announced", "transferred"]
    assert retried["email"] == "sibilla@w.example"


async def test_what_a_newer_export_says_decides_on_the_day(shop: RunningService):
    wave = await a_wave(shop, ["C10016"])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, datetime(2027, 2, 12, 12, 0, tzinfo=UTC))
    assert (await transfer_of(shop, wave["id"], "C10016"))["state"] == "announced"
    files = files_of()
    lines = files["subscriptions.csv"].replace(b"LABOUR-TIMES,1,active", b"LABOUR-TIMES,1,cancelled")
    await upload(shop, {**files, "subscriptions.csv": lines}, exported_on="2027-02-23")

    await at(shop, TRANSFER_DAY)

    transfer = await transfer_of(shop, wave["id"], "C10016")
    assert (transfer["state"], transfer["failure_code"]) == ("failed", "nothing_to_move")


async def test_a_customer_is_postponed_alone_and_told(shop: RunningService):
    wave = await a_wave(shop, ["C10027", "C10028"])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, datetime(2027, 2, 12, 12, 0, tzinfo=UTC))
    transfer = await transfer_of(shop, wave["id"], "C10027")

    for no_delay in ("2027-02-22", "2027-02-23"):
        await post(shop, f"/transfers/{transfer['id']}/postpone", {"transfer_on": no_delay}, status=422)
    body = {"transfer_on": "2027-02-26", "reason": "On holiday"}
    postponed = await post(shop, f"/transfers/{transfer['id']}/postpone", body)
    assert (postponed["state"], postponed["revision"]) == ("postponed", 2)
    [told] = [e for e in await shop.published("shop.transfer.postponed.v1") if e["wave_id"] == wave["id"]]
    assert (told["transfer_on"], told["previous_transfer_on"], told["reason"]) == (
        "2027-02-26", "2027-02-23", "On holiday",
    )  # fmt: skip

    await at(shop, TRANSFER_DAY)
    assert (await transfer_of(shop, wave["id"], "C10027"))["state"] == "postponed"
    assert (await transfer_of(shop, wave["id"], "C10028"))["state"] == "transferred"
    await at(shop, datetime(2027, 2, 26, 12, 0, tzinfo=UTC))
    assert (await transfer_of(shop, wave["id"], "C10027"))["state"] == "transferred"


async def test_a_customer_is_put_back_until_activation_and_can_move_again(shop: RunningService):
    wave, transfer = await a_moved_customer(shop, "C10030")

    back = await post(shop, f"/transfers/{transfer['id']}/roll-back", {"reason": "Wrong wave"})

    assert back["state"] == "rolled_back"
    [told] = [e for e in await shop.published("shop.transfer.rolled_back.v1") if e["wave_id"] == wave["id"]]
    assert told["reason"] == "Wrong wave"
    async with shop.runtime.database.read() as reader:
        owners = await reader.all(
            text("SELECT billing_owner, status FROM subscriptions WHERE transfer_id = :t"), {"t": transfer["id"]}
        )
    assert {tuple(row) for row in owners} == {("old_shop", "ended")}
    assert "restore,C10030" in await download(shop, f"/transfer-waves/{wave['id']}/release-list")
    await post(shop, f"/transfers/{transfer['id']}/roll-back", status=409)

    again, moved = await a_moved_customer_today(shop, "C10030")
    assert (moved["state"], moved["organization_id"]) == ("transferred", transfer["organization_id"])
    assert (await get(shop, f"/transfer-waves/{again['id']}/report"))["is_reconciled"] is True


async def a_moved_customer_today(shop: RunningService, legacy_id: str) -> tuple[Any, dict[str, Any]]:
    wave = await a_wave(shop, [legacy_id], shop.clock.now().date().isoformat())
    await post(shop, f"/transfer-waves/{wave['id']}/start")
    await settled(shop)
    return wave, await transfer_of(shop, wave["id"], legacy_id)


async def test_after_activation_nobody_is_put_back(shop: RunningService):
    _, transfer = await a_moved_customer(shop, "C10031")
    await shop.deliver(
        "identity.account.activated.v1",
        {"account_id": "acc_9", "email": transfer["email"]},
        subject="acc_9",
    )

    await post(shop, f"/transfers/{transfer['id']}/roll-back", status=409)


async def test_a_customer_whose_move_breaks_is_as_before_and_does_not_touch_the_others(shop: RunningService):
    wave = await a_wave(shop, ["C10034", "C10039", "C10040"])
    broken = (await transfer_of(shop, wave["id"], "C10039"))["organization_id"]
    async with shop.runtime.database.transaction() as tx:
        await tx.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF NEW.organization_id = '{broken}' THEN RAISE EXCEPTION 'broken'; END IF; RETURN NEW; END $$"
            )
        )
        await tx.execute(text("CREATE TRIGGER refuse BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse()"))
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, TRANSFER_DAY)

    states = {known: await transfer_of(shop, wave["id"], known) for known in ("C10034", "C10039", "C10040")}
    assert states["C10034"]["failure_code"] == "nothing_to_move"
    assert (states["C10039"]["state"], states["C10039"]["failure_code"]) == ("failed", "unexpected_error")
    assert states["C10040"]["state"] == "transferred"
    for table in ("customers", "subscriptions", "payment_methods", "orders"):
        assert await rows(shop, table, broken) == 0, table
    report = await get(shop, f"/transfer-waves/{wave['id']}/report")
    assert {(n["customer"], n["code"]) for n in report["not_moved"]} == {
        ("C10034", "nothing_to_move"), ("C10039", "unexpected_error"),
    }  # fmt: skip

    async with shop.runtime.database.transaction() as tx:
        await tx.execute(text("DROP TRIGGER refuse ON orders"))
    retried = await post(shop, f"/transfers/{states['C10039']['id']}/retry")
    assert retried["state"] == "transferred"


async def test_a_crash_in_the_middle_of_the_cut_leaves_everything_as_before(shop: RunningService):
    wave = await a_wave(shop, ["C10020"])
    await post(shop, f"/transfer-waves/{wave['id']}/pause", status=409)
    transfer = await transfer_of(shop, wave["id"], "C10020")
    async with shop.runtime.database.transaction() as tx:
        await tx.execute(text("UPDATE transfer_waves SET state = 'scheduled' WHERE id = :w"), {"w": wave["id"]})
    shop.clock.set(TRANSFER_DAY)

    class Crash(BaseException):
        """The process dies."""

    try:
        async with shop.runtime.database.transaction() as tx:
            world = await cut_world(tx, shop, transfer)
            await move_all(tx, world.customers, world.catalog)
            await tx.flush()
            raise Crash
    except Crash:
        pass
    assert await rows(shop, "customers", transfer["organization_id"]) == 0
    assert await rows(shop, "subscriptions", transfer["organization_id"]) == 0

    async with shop.runtime.database.transaction() as tx:
        await tx.execute(
            text("UPDATE transfers SET next_at = :now WHERE id = :t"),
            {"now": shop.clock.now(), "t": transfer["id"]},
        )
    await work_through(shop.runtime.database, policy_of(shop.runtime))
    await settled(shop)
    moved = await transfer_of(shop, wave["id"], "C10020")
    assert moved["state"] == "transferred"
    assert await rows(shop, "subscriptions", transfer["organization_id"]) == 2


async def cut_world(tx: Any, shop: RunningService, transfer: dict[str, Any]) -> Any:
    """What the cut would move at this moment."""
    row = await store.lock(tx, transfer["id"])
    world = await read_world(tx, policy_of(shop.runtime).providers)
    found = await evaluate_transfers(tx, [row], world)
    evaluated = found[row.legacy_customer_id]
    customer = MovingCustomer(row, evaluated, moving(evaluated.decision), 1)
    return SimpleNamespace(customers=[customer], catalog=world.catalog)
