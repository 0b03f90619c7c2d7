"""The follow-up list names everybody who needs a hand until it was given; a held first renewal waits for an operator."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from tests.harness.service import NOW, RunningService
from tests.shop.builders import catch_up
from tests.shop.transfers.steps import a_wave, at, every, get, post, transfer_of, upload

TRANSFER_DAY = datetime(2027, 2, 23, 12, 0, tzinfo=UTC)
RENEWAL_DAY = datetime(2027, 3, 14, 12, 0, tzinfo=UTC)
"""Of both subscriptions of C10032: 1 seat for 465.00 and 46 seats for 750.00 each."""


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def imported(shop: RunningService) -> None:
    """The sample export, and the clock back on its day."""
    shop.clock.set(NOW)
    if not (await get(shop, "/legacy-customers"))["items"]:
        await upload(shop)


async def moved(shop: RunningService, customer: str) -> tuple[str, dict[str, Any]]:
    """A wave with this customer, who has moved in it."""
    wave = await a_wave(shop, [customer])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, TRANSFER_DAY)
    return str(wave["id"]), await transfer_of(shop, wave["id"], customer)


async def listed(shop: RunningService, wave: str) -> dict[str, Any]:
    """The one customer of the wave in its follow-up list."""
    [customer] = await every(shop, f"/transfer-waves/{wave}/follow-up")
    return dict(customer)


async def activated(shop: RunningService, email: str) -> None:
    """The buyer chooses a password."""
    await shop.deliver("identity.account.activated.v1", {"account_id": "acc_f", "email": email}, subject=f"acc_{email}")


async def falsified(shop: RunningService, number: str, by: int) -> str:
    """Another price than was promised, by a way that no API has; the subscription's id."""
    change = "UPDATE subscriptions SET unit_price_minor = unit_price_minor + :by WHERE number = :number RETURNING id"
    async with shop.runtime.database.transaction(actor="test") as tx:
        return str(await tx.scalar(text(change), {"by": by, "number": number}))


async def charges(shop: RunningService, organization_id: str) -> list[int]:
    """What was charged for renewals of an organization, net, the smallest first."""
    orders = await every(shop, "/orders", organization=organization_id, kind="renewal")
    assert all(order["status"] == "paid" for order in orders)
    return sorted(order["net"]["amount"] for order in orders)


async def test_who_has_not_activated_is_listed_until_they_have(shop: RunningService):
    wave, transfer = await moved(shop, "C10018")
    assert (await listed(shop, wave))["needs"] == ["not_activated", "first_renewal_to_come"]

    await activated(shop, transfer["email"])

    assert (await listed(shop, wave))["needs"] == ["first_renewal_to_come"]


async def test_a_card_too_old_for_the_renewal_is_listed_until_it_is_replaced(shop: RunningService):
    wave, transfer = await moved(shop, "C10016")
    assert "method_expires_before_renewal" in (await listed(shop, wave))["needs"]

    organization_id = transfer["organization_id"]
    scopes = "orders:read orders:write payment_methods:write"
    async with shop.client(scopes=scopes, org=organization_id, roles=("owner",)) as buyer:
        card = (await buyer.post("/api/v1/payment-methods", json={"token": "tok_visa"})).json()["id"]
        for subscription in (await buyer.get("/api/v1/subscriptions")).json()["items"]:
            path = f"/api/v1/subscriptions/{subscription['id']}/change-payment-method"
            assert (await buyer.post(path, json={"payment_method_id": card})).is_success

    assert "method_expires_before_renewal" not in (await listed(shop, wave))["needs"]


async def test_seats_that_wait_are_counted(shop: RunningService):
    wave, _ = await moved(shop, "C10038")

    customer = await listed(shop, wave)

    assert "seats_waiting" in customer["needs"]
    assert customer["seats_waiting"] == 8
    async with shop.operator() as operator:
        table = (await operator.get(f"/api/v1/transfer-waves/{wave}/follow-up", headers={"Accept": "text/csv"})).text
    header, row = table.splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["legacy_customer_id"], cells["seats_waiting"]) == ("C10038", "8")
    assert "seats_waiting" in cells["needs"].split()


async def test_a_renewal_that_is_not_what_was_promised_is_charged_never_or_once_as_an_operator_says(
    shop: RunningService,
):
    wave, transfer = await moved(shop, "C10032")
    organization_id = transfer["organization_id"]
    subscription_id = await falsified(shop, "S-2026-200068", by=100)

    shop.clock.set(RENEWAL_DAY)
    await catch_up(shop)

    customer = await listed(shop, wave)
    assert "first_renewal_held" in customer["needs"]
    [renewal] = [item for item in customer["first_renewals"] if item["held_reason"] is not None]
    assert (renewal["number"], renewal["held_reason"]) == ("S-2026-200068", "amount_differs_from_dry_run")
    assert (renewal["amount"]["amount"], renewal["now"]["amount"]) == (46 * 75_000, 46 * 75_100)
    [held] = await every(shop, "/subscriptions", organization=organization_id, status="held")
    assert (held["id"], held["promised_renewal"]["amount"], held["renewal"]["amount"]) == (
        subscription_id, 46 * 75_000, 46 * 75_100,
    )  # fmt: skip

    for _ in range(4):
        shop.clock.advance(timedelta(days=15))
        await catch_up(shop)
    assert await charges(shop, organization_id) == [46_500]
    assert "first_renewal_held" in (await listed(shop, wave))["needs"]

    path = f"/subscriptions/{subscription_id}/release"
    await post(shop, path, {"charge": "whatever"}, status=422)
    released = await post(shop, path, {"charge": "as_promised"})
    await post(shop, path, {"charge": "as_promised"}, status=409)
    await post(shop, path, status=409)
    for _ in range(2):
        await catch_up(shop)

    assert released["unit_price"]["amount"] == 75_000
    assert await charges(shop, organization_id) == [46_500, 46 * 75_000]
    after = await get(shop, f"/subscriptions/{subscription_id}")
    assert (after["status"], after["held_reason"], after["promised_renewal"]) == ("active", None, None)
    assert after["term"]["first_day"] == "2027-03-14"
    # The card is good until September, which was enough for this renewal and is not for the next.
    customer = await listed(shop, wave)
    assert customer["needs"] == ["not_activated", "method_expires_before_renewal", "seats_waiting"]
    assert customer["first_renewals"] == []


async def test_a_promise_that_fits_no_price_is_refused_and_charged_as_it_stands_if_an_operator_wants(
    shop: RunningService,
):
    _, transfer = await moved(shop, "C10029")
    subscription_id = await falsified(shop, "S-2026-200061", by=0)
    async with shop.runtime.database.transaction(actor="test") as tx:
        wrong = text("UPDATE subscriptions SET quantity = 7, unit_price_minor = 29000 WHERE id = :id")
        await tx.execute(wrong, {"id": subscription_id})
    shop.clock.set(datetime(2027, 9, 13, 12, 0, tzinfo=UTC))
    await catch_up(shop)
    before = await charges(shop, transfer["organization_id"])

    refused = await post(shop, f"/subscriptions/{subscription_id}/release", {"charge": "as_promised"}, status=409)
    assert refused["type"].endswith("/problems/promise-does-not-fit")
    assert await charges(shop, transfer["organization_id"]) == before

    await post(shop, f"/subscriptions/{subscription_id}/release")
    await catch_up(shop)
    assert await charges(shop, transfer["organization_id"]) == [7 * 29_000, *before]


async def test_a_customer_on_hold_does_not_lose_the_promise_by_a_release(shop: RunningService):
    """Nobody has looked at the amount yet: when the customer goes on, it is held for that."""
    _, transfer = await moved(shop, "C10027")
    organization_id = transfer["organization_id"]
    subscription_id = await falsified(shop, "S-2026-200055", by=100)
    await post(shop, f"/customers/{organization_id}/hold")
    shop.clock.set(datetime(2027, 3, 1, 12, 0, tzinfo=UTC))
    await catch_up(shop)
    path = f"/subscriptions/{subscription_id}"
    assert (await get(shop, path))["held_reason"] == "customer_on_hold"

    await post(shop, f"{path}/release", {"charge": "as_promised"}, status=409)
    await post(shop, f"{path}/release")
    await catch_up(shop)
    assert (await get(shop, path))["held_reason"] == "customer_on_hold"
    await post(shop, f"/customers/{organization_id}/release")
    await catch_up(shop)

    assert (await get(shop, path))["held_reason"] == "amount_differs_from_dry_run"
    orders = await every(shop, "/orders", organization=organization_id, kind="renewal")
    assert [order for order in orders if order["net"]["amount"] == 5_000] == []
