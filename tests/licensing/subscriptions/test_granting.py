"""A subscription grants a license, and the buyer's own seat with it (FAQ: "one license is automatically assigned")."""

from datetime import timedelta

from tests.harness.eventually import eventually
from tests.licensing.world import Customer, World


async def test_a_started_subscription_grants_a_license_with_the_buyers_seat(world: World) -> None:
    customer = Customer()

    subscription, license = await world.start(customer, quantity=3)

    assert license["status"] == "active"
    assert (license["quantity"], license["assigned"], license["free"]) == (3, 1, 2)
    assert license["subscription_number"] == subscription.number
    assert license["invoice_number"] == "RE-2026-000001"
    assert license["origin"] == "subscription"
    answer = await world.check(customer, customer.buyer_email)
    assert answer["allowed"]
    assert answer["reason"] == "assigned"


async def test_the_buyers_seat_is_announced_as_automatic_and_without_a_mail(world: World) -> None:
    customer = Customer()

    await world.start(customer)

    created = await world.service.published("licensing.assignment.created.v1")
    (mine,) = [event for event in created if event["assignment"]["email"] == customer.buyer_email]
    assert mine["automatic"]
    assert not mine["notify"]
    assert mine["assignment"]["status"] == "active"


async def test_access_is_announced_as_a_full_snapshot(world: World) -> None:
    customer = Customer()

    await world.start(customer)

    async def announced() -> dict[str, object] | None:
        events = await world.service.published("licensing.entitlement.changed.v1")
        return next((event for event in events if event["email"] == customer.buyer_email), None)

    event = await eventually(announced)
    assert event["product_code"] == "cad-pro"
    assert [grant["reason"] for grant in event["grants"]] == ["assigned", "grace"]
    assert event["grants"][0]["organization_id"] == customer.id


async def test_the_buyer_gets_one_seat_per_product_however_many_subscriptions(world: World) -> None:
    customer = Customer()

    await world.start(customer, quantity=2)
    _, second = await world.start(customer, quantity=2)
    _, other_product = await world.start(customer, product_code="data-plus")

    assert second["assigned"] == 0
    assert other_product["assigned"] == 1


async def test_the_buyer_who_gave_the_seat_away_gets_no_second_one(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=1)
    async with world.manager(customer) as client:
        seats = (await client.get(f"/api/v1/licenses/{license['id']}/seats")).json()["items"]
        await client.post(f"/api/v1/assignments/{seats[0]['holder']['id']}/deactivate")

    _, second = await world.start(customer, quantity=1)

    assert second["assigned"] == 0


async def test_a_subscription_that_starts_later_gives_access_from_its_first_day(world: World) -> None:
    customer = Customer()
    tomorrow = world.today(customer) + timedelta(days=1)

    _, license = await world.start(customer, first_day=tomorrow, last_day=tomorrow + timedelta(days=30))

    assert license["status"] == "scheduled"
    assert await world.reason(customer, customer.buyer_email) == "not_started"
