"""Renewal: on its day in the customer's time zone, once per term, whatever the clock and the sweeps do."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from shop.subscriptions.sweep import sweep
from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer, catch_up


async def renewals(customer: Customer, subscription_id: str) -> list[dict[str, Any]]:
    """The renewal orders of a subscription, oldest first."""
    found = await customer.orders(kind="renewal", subscription_id=subscription_id)
    return found[::-1]


async def test_it_renews_at_the_start_of_its_day_in_the_customers_time_zone(shop: RunningService) -> None:
    shop.clock.set(datetime(2027, 2, 5, 9, 0, tzinfo=UTC))
    customer = await a_customer(shop, country="US", time_zone="America/New_York")
    subscription = await customer.subscribe()
    assert subscription["next_renewal_on"] == "2028-02-05"

    shop.clock.set(datetime(2028, 2, 5, 4, 59, tzinfo=UTC))
    await catch_up(shop)
    before = await customer.subscription(subscription["id"])
    shop.clock.set(datetime(2028, 2, 5, 5, 0, tzinfo=UTC))
    await catch_up(shop)
    after = await customer.subscription(subscription["id"])

    assert before["term"]["first_day"] == "2027-02-05"
    assert after["term"] == {"first_day": "2028-02-05", "last_day": "2029-02-04"}
    assert after["invoice_number"] != subscription["invoice_number"]
    assert after["status"] == "active"


async def test_a_jump_of_a_year_renews_every_month_in_order_and_each_once(shop: RunningService) -> None:
    shop.clock.set(datetime(2028, 3, 31, 9, 0, tzinfo=UTC))
    customer = await a_customer(shop)
    subscription = await customer.subscribe(interval="month")

    shop.clock.advance(timedelta(days=366))
    await catch_up(shop)

    orders = await renewals(customer, subscription["id"])
    assert len(orders) == 12
    assert all(order["status"] == "paid" for order in orders)
    numbers = [order["invoice_number"] for order in orders]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 12
    facts = [
        fact["subscription"]["term"]["first_day"]
        for fact in await shop.published("shop.subscription.renewed.v1")
        if fact["subscription"]["id"] == subscription["id"]
    ]
    assert facts == [
        "2028-04-30",
        "2028-05-31",
        "2028-06-30",
        "2028-07-31",
        "2028-08-31",
        "2028-09-30",
        "2028-10-31",
        "2028-11-30",
        "2028-12-31",
        "2029-01-31",
        "2029-02-28",
        "2029-03-31",
    ]


async def test_parallel_sweeps_charge_a_term_once(shop: RunningService, customer: Customer) -> None:
    subscriptions = [await customer.subscribe(interval="month") for _ in range(5)]

    shop.clock.advance(timedelta(days=32))
    await asyncio.gather(*[sweep(shop.runtime.database, shop.runtime.edges) for _ in range(6)])
    await catch_up(shop)

    for subscription in subscriptions:
        orders = await renewals(customer, subscription["id"])
        assert [order["status"] for order in orders] == ["paid"]


async def test_a_cancelled_subscription_ends_with_its_term_and_is_not_charged(
    shop: RunningService, customer: Customer
) -> None:
    subscription = await customer.subscribe(interval="month")
    path = f"/api/v1/subscriptions/{subscription['id']}"
    cancelled = (await customer.buyer.post(f"{path}/cancel")).json()
    again = await customer.buyer.post(f"{path}/cancel")

    shop.clock.advance(timedelta(days=32))
    await catch_up(shop)

    assert cancelled["cancel_at_term_end"] is True
    assert cancelled["status"] == "active"
    assert again.status_code == 200
    ended = await customer.subscription(subscription["id"])
    assert (ended["status"], ended["ended_reason"]) == ("ended", "cancelled")
    assert await renewals(customer, subscription["id"]) == []
    assert (await customer.buyer.post(f"{path}/resume")).status_code == 409


async def test_a_resumed_subscription_renews(shop: RunningService, customer: Customer) -> None:
    subscription = await customer.subscribe(interval="month")
    path = f"/api/v1/subscriptions/{subscription['id']}"
    await customer.buyer.post(f"{path}/cancel")
    resumed = await customer.buyer.post(f"{path}/resume")

    shop.clock.advance(timedelta(days=32))
    await catch_up(shop)

    assert resumed.json()["cancel_at_term_end"] is False
    assert len(await renewals(customer, subscription["id"])) == 1
    assert (await customer.buyer.post(f"{path}/resume")).status_code == 409


async def test_a_renewal_keeps_its_price_when_the_catalogue_changes(shop: RunningService, customer: Customer) -> None:
    subscription = await customer.subscribe(interval="month")
    body = {
        "product_code": "cad",
        "region": "eu",
        "interval": "month",
        "amount": {"amount": 7_777, "currency": "EUR"},
        "valid_from": "2029-12-01",
    }
    await shop.operator().post("/api/v1/prices", json=body)

    shop.clock.advance(timedelta(days=32))
    await catch_up(shop)

    (order,) = await renewals(customer, subscription["id"])
    assert order["net"]["amount"] == 1_000


async def test_moving_to_another_time_zone_moves_the_hour_not_the_day(shop: RunningService, customer: Customer) -> None:
    subscription = await customer.subscribe(interval="month")
    renews_on = datetime.fromisoformat(subscription["next_renewal_on"]).replace(tzinfo=UTC)
    await shop.deliver(
        "identity.organization.changed.v1",
        {
            "organization_id": customer.id,
            "name": "Moved",
            "country": "DE",
            "locale": "de",
            "time_zone": "Pacific/Auckland",
            "vat_id": None,
        },
        subject=customer.id,
    )

    shop.clock.set(renews_on - timedelta(hours=10))
    await catch_up(shop)

    renewed = await customer.subscription(subscription["id"])
    assert renewed["term"]["first_day"] == subscription["next_renewal_on"]
