"""A customer who was put back: what the organization and the operators see, and that moving again works."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio

from tests.harness.service import RunningService
from tests.shop.transfers.steps import a_wave, at, every, get, post, settled, transfer_of, upload

TRANSFER_DAY = datetime(2027, 2, 23, 12, 0, tzinfo=UTC)
CUSTOMER = "C10021"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def put_back(shop: RunningService) -> dict[str, Any]:
    """The transfer of a customer who moved and was put back the same day."""
    await upload(shop)
    wave = await a_wave(shop, [CUSTOMER])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, TRANSFER_DAY)
    transfer = await transfer_of(shop, wave["id"], CUSTOMER)
    return await post(shop, f"/transfers/{transfer['id']}/roll-back", {"reason": "Wrong wave"})


async def seen(shop: RunningService, organization_id: str, path: str) -> Any:
    """What the organization reads."""
    async with shop.client(scopes="orders:read orders:write", org=organization_id, roles=("owner",)) as buyer:
        answer = await buyer.get(f"/api/v1{path}")
    return answer.json()["items"] if answer.status_code == 200 else (answer.status_code, answer.json()["type"])


async def test_the_organization_has_nothing_running_here_and_keeps_its_history(
    shop: RunningService, put_back: dict[str, Any]
):
    organization_id = put_back["organization_id"]

    subscriptions = await seen(shop, organization_id, "/subscriptions")
    orders = await seen(shop, organization_id, "/orders")
    invoices = await seen(shop, organization_id, "/invoices")

    assert {(s["status"], s["ended_reason"], s["billing_owner"]) for s in subscriptions} == {
        ("ended", "rolled_back", "old_shop")
    }
    assert {(o["origin"], o["kind"]) for o in orders} == {("transferred", "transferred")}
    assert len(orders) == 5
    assert {i["number"] for i in invoices} <= {o["invoice_number"] for o in orders}
    assert await seen(shop, organization_id, "/payment-methods") == []


async def test_there_is_no_transfer_and_no_archive_to_read_any_more(shop: RunningService, put_back: dict[str, Any]):
    for path in ("/transfer", "/legacy-orders", "/legacy-orders/O3000051"):
        status, problem = await seen(shop, put_back["organization_id"], path)
        assert (status, problem.rsplit("/", 1)[-1]) == (404, "not-transferred")


async def test_operators_see_what_happened_and_the_report_names_the_customer(
    shop: RunningService, put_back: dict[str, Any]
):
    shown = await get(shop, f"/transfers/{put_back['id']}")
    report = await get(shop, f"/transfer-waves/{put_back['wave_id']}/report")
    known = await get(shop, "/legacy-customers", search=CUSTOMER)

    assert [e["what"] for e in shown["timeline"]][-1] == "rolled_back"
    assert shown["timeline"][-1]["detail"] == {"reason": "Wrong wave", "subscriptions": 2}
    assert (report["customers"], report["is_reconciled"]) == ({"rolled_back": 1}, True)
    assert [(n["customer"], n["state"]) for n in report["not_moved"]] == [(CUSTOMER, "rolled_back")]
    assert report["rows"] == []
    assert await every(shop, f"/transfer-waves/{put_back['wave_id']}/follow-up") == []
    assert known["items"][0]["moved_at"] is None
    assert [c["legacy_id"] for c in await every(shop, "/legacy-customers", is_free=True, search=CUSTOMER)] == [CUSTOMER]


async def test_nothing_is_charged_after_the_renewal_day_has_passed(shop: RunningService, put_back: dict[str, Any]):
    await at(shop, TRANSFER_DAY + timedelta(days=5))

    orders = await seen(shop, put_back["organization_id"], "/orders")

    assert {o["kind"] for o in orders} == {"transferred"}
    assert await shop.published("shop.subscription.renewed.v1") == []


async def test_moving_again_brings_everything_back_under_the_same_ids_and_the_next_fences(
    shop: RunningService, put_back: dict[str, Any]
):
    organization_id = put_back["organization_id"]
    shop.clock.set(TRANSFER_DAY)
    before = {s["id"]: s["number"] for s in await seen(shop, organization_id, "/subscriptions")}
    wave = await a_wave(shop, [CUSTOMER], "2027-02-23", name="Again")
    await post(shop, f"/transfer-waves/{wave['id']}/start")
    await settled(shop)

    again = await transfer_of(shop, wave["id"], CUSTOMER)
    assert (again["state"], again["organization_id"]) == ("transferred", organization_id)
    subscriptions = await seen(shop, organization_id, "/subscriptions")
    assert {s["id"]: s["number"] for s in subscriptions} == before
    assert {(s["status"], s["ended_reason"], s["billing_owner"]) for s in subscriptions} == {
        ("active", None, "new_shop")
    }
    [method] = await seen(shop, organization_id, "/payment-methods")
    assert method["is_default"] is True
    assert {s["payment_method_id"] for s in subscriptions} == {method["id"]}
    assert len(await seen(shop, organization_id, "/orders")) == 5
    async with shop.client(scopes="orders:read", org=organization_id, roles=("owner",)) as buyer:
        overview = (await buyer.get("/api/v1/transfer")).json()
    assert {s["number"] for s in overview["subscriptions"]} == set(before.values())
    report = await get(shop, f"/transfer-waves/{wave['id']}/report")
    assert (report["is_reconciled"], report["customers"]) == (True, {"transferred": 1})
    states = {t["state"] for t in await every(shop, "/transfers", customer=CUSTOMER)}
    assert states == {"rolled_back", "transferred"}
