"""Seats that nobody was given within a week are told of, once."""

from datetime import timedelta
from typing import Any

from tests.licensing.world import Customer, World

WAITING = "licensing.seats.waiting.v1"


async def told_about(world: World, license_id: str) -> list[dict[str, Any]]:
    """The reminders about a license so far, after everything due was done."""
    await world.service.work()
    return [event for event in await world.service.published(WAITING) if event["license"]["id"] == license_id]


async def test_waiting_seats_are_told_a_week_after_the_grant_and_once(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=3)
    assert license["notices"] == ["seats_waiting"]

    world.clock.advance(timedelta(days=7, seconds=-60))
    assert await told_about(world, license["id"]) == []
    world.clock.advance(timedelta(seconds=120))
    (event,) = await told_about(world, license["id"])

    assert (event["license"]["quantity"], event["license"]["assigned"], event["license"]["free"]) == (3, 1, 2)
    assert event["organization"]["id"] == customer.id
    assert event["buyer"]["email"] == customer.buyer_email
    world.clock.advance(timedelta(days=30))
    assert len(await told_about(world, license["id"])) == 1


async def test_nothing_is_told_when_everybody_has_a_seat(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    await world.assign(customer, license["id"], ["colleague@muster.example"])

    world.clock.advance(timedelta(days=8))

    assert await told_about(world, license["id"]) == []


async def test_nothing_is_told_of_a_license_that_has_ended(world: World) -> None:
    subscription, license = await world.start(Customer(), quantity=2)
    await world.change("ended", subscription, status="ended", ended_reason="cancelled")

    world.clock.advance(timedelta(days=8))

    assert await told_about(world, license["id"]) == []


async def test_many_licenses_are_told_in_few_statements(world: World) -> None:
    licenses = [(await world.start(Customer(), quantity=2))[1]["id"] for _ in range(12)]

    world.clock.advance(timedelta(days=8))

    await world.service.work()
    told = {event["license"]["id"] for event in await world.service.published(WAITING)}
    assert told >= set(licenses)
