"""Days begin and end at the organization's midnight, and what they bring is announced."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.licensing.world import Customer, World

SECOND = timedelta(seconds=1)
PLACES = [
    ("Pacific/Auckland", date(2027, 4, 3), date(2027, 4, 4)),
    ("America/Los_Angeles", date(2027, 3, 13), date(2027, 3, 14)),
    ("America/Los_Angeles", date(2027, 11, 6), date(2027, 11, 7)),
    ("Europe/Berlin", date(2027, 3, 27), date(2027, 3, 28)),
    ("Asia/Kathmandu", date(2027, 6, 1), date(2027, 6, 2)),
]


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(("zone", "first", "last"), PLACES)
async def test_access_begins_and_ends_at_the_organizations_midnight(
    world: World, zone: str, first: date, last: date
) -> None:
    """Two days, one of them with a change of the clocks in most of these places."""
    customer = Customer(time_zone=zone)
    world.clock.set(_midnight(first, zone) - timedelta(days=2))
    _, license = await world.start(customer, quantity=2)
    email = f"{zone.lower().replace('/', '.')}@x.example"
    await world.assign(customer, license["id"], email, first_day=str(first), last_day=str(last))

    begins, ends = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    for instant, reason in [
        (begins - SECOND, "not_started"),
        (begins, "assigned"),
        (ends - SECOND, "assigned"),
        (ends, "assignment_ended"),
    ]:
        world.clock.set(instant)
        assert await world.reason(customer, email) == reason

    world.clock.set(ends - SECOND)
    answer = await world.check(customer, email)
    assert datetime.fromisoformat(answer["valid_until"]) == ends


async def test_beginning_and_end_are_announced_once_and_change_nothing_else(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    tomorrow = str(world.today(customer) + timedelta(days=1))
    await world.assign(customer, license["id"], "day@x.example", first_day=tomorrow, last_day=tomorrow)

    async def told(name: str) -> int:
        events = await world.service.published(f"licensing.assignment.{name}.v1")
        return len([event for event in events if event["assignment"]["email"] == "day@x.example"])

    await world.service.work()
    assert (await told("started"), await told("ended")) == (0, 0)
    world.clock.advance(timedelta(days=1))
    await world.service.work()
    await world.service.work()
    assert (await told("started"), await told("ended")) == (1, 0)
    world.clock.advance(timedelta(days=1))
    await world.service.work()
    await world.service.work()
    assert (await told("started"), await told("ended")) == (1, 1)
    snapshots = await world.service.published("licensing.entitlement.changed.v1")
    assert [event["grants"] for event in snapshots if event["email"] == "day@x.example"][-1] == []
    (again,) = await world.assign(customer, license["id"], "day@x.example")
    assert again["code"] is None


async def test_a_timer_that_was_away_grants_and_withholds_nothing(world: World) -> None:
    """Access is derived from the days; the announcements may come whenever they come."""
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    today = world.today(customer)
    (result,) = await world.assign(
        customer, license["id"], "late@x.example", first_day=str(today), last_day=str(today + timedelta(days=3))
    )

    world.clock.advance(timedelta(days=9))

    assert await world.reason(customer, "late@x.example") == "assignment_ended"
    async with world.manager(customer) as client:
        shown = (await client.get(f"/api/v1/assignments/{result['assignment']['id']}")).json()
        changed = await client.patch(f"/api/v1/assignments/{result['assignment']['id']}", json={"last_day": None})
    assert shown["status"] == "ended"
    assert changed.status_code == 409


async def test_a_pending_shrink_is_carried_out_when_days_are_over(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=2)
    today = world.today(customer)
    await world.assign(customer, license["id"], "brief@x.example", last_day=str(today))
    shrunk = await world.change("quantity_changed", subscription, quantity=1)
    assert (await world.license_of(shrunk))["over_quantity"] == 1

    world.clock.advance(timedelta(days=1))
    await world.service.work()

    after = await world.license_of(shrunk)
    assert (after["quantity"], after["assigned"], after["over_quantity"]) == (1, 1, 0)


@pytest.mark.parametrize("news", ["quantity_changed", "ended"])
async def test_days_that_are_over_are_announced_by_whoever_comes_first(world: World, news: str) -> None:
    """News of the subscription that arrives before the timer ends them, tells it, and writes it down all the same."""
    customer = Customer()
    subscription, license = await world.start(customer, quantity=2)
    email = f"{news}@first.example"
    await world.assign(customer, license["id"], email, last_day=str(world.today(customer)))

    world.clock.advance(timedelta(days=1))
    changes = {"quantity": 1} if news == "quantity_changed" else {"status": "ended", "ended_reason": "cancelled"}
    await world.change(news, subscription, **changes)
    await world.service.work()

    events = await world.service.published("licensing.assignment.ended.v1")
    assert len([event for event in events if event["assignment"]["email"] == email]) == 1
    async with world.manager(customer) as client:
        path = f"/api/v1/licenses/{license['id']}"
        history = (await client.get(f"{path}/history")).json()["items"]
        (over,) = (await client.get(f"{path}/assignments", params={"email": email})).json()["items"]
    ended = next(entry for entry in history if entry["details"].get("email") == email)
    assert (ended["action"], ended["actor"]) == ("assignment.ended", "system:calendar")
    assert (over["ended_by"], over["ended_reason"]) == ("system:calendar", "ended")


async def test_days_follow_the_organization_into_another_time_zone(world: World) -> None:
    customer = Customer(time_zone="Europe/Berlin")
    _, license = await world.start(customer, quantity=2)
    today = world.today(customer)
    await world.assign(customer, license["id"], "mover@x.example", last_day=str(today + timedelta(days=1)))

    await world.service.deliver(
        "identity.organization.changed.v1",
        {
            "organization_id": customer.id,
            "name": customer.name,
            "country": "NZ",
            "locale": "en",
            "time_zone": "Pacific/Auckland",
            "vat_id": None,
            "origin": "new",
        },
        subject=customer.id,
    )

    answer = await world.check(customer, "mover@x.example")
    assert datetime.fromisoformat(answer["valid_until"]) == _midnight(today + timedelta(days=2), "Pacific/Auckland")
