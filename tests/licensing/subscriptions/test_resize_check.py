"""The shop asks before it plans fewer seats."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel.ids import new_id
from tests.licensing.world import Customer, Subscription, World


async def check(world: World, subscription_id: str, quantity: int, *release: str) -> dict[str, Any]:
    """What licensing says to the shop."""
    async with world.service.internal() as client:
        answer = await client.post(
            f"/internal/subscriptions/{subscription_id}/resize-check",
            json={"quantity": quantity, "release": list(release)},
        )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _held(world: World, **days: Any) -> tuple[Subscription, dict[str, str]]:
    """A subscription of four seats, three of them held; the assignments by address."""
    customer = Customer()
    subscription, license = await world.start(customer, quantity=4)
    results = await world.assign(customer, license["id"], ["b@x.example", "a@x.example"], **days)
    return subscription, {result["email"]: result["assignment"]["id"] for result in results}


async def test_a_quantity_that_leaves_everybody_a_seat_fits(world: World) -> None:
    subscription, _ = await _held(world)

    assert await check(world, subscription.id, 3) == {
        "fits": True,
        "needed": 0,
        "seats_in_use": 3,
        "candidates": [],
        "invalid_release": [],
    }


async def test_the_candidates_are_those_who_hold_a_seat_by_address(world: World) -> None:
    subscription, ids = await _held(world)

    asked = await check(world, subscription.id, 1)
    named = await check(world, subscription.id, 1, ids["a@x.example"])
    enough = await check(world, subscription.id, 1, *ids.values())

    assert (asked["fits"], asked["needed"], asked["seats_in_use"]) == (False, 2, 3)
    buyer = subscription.customer.buyer_email
    assert {c["email"] for c in asked["candidates"]} == {"a@x.example", "b@x.example", buyer}
    assert [c["email"] for c in asked["candidates"]] == sorted(c["email"] for c in asked["candidates"])
    first = next(c for c in asked["candidates"] if c["email"] == "a@x.example")
    today = str(world.today(subscription.customer))
    assert first == {
        "id": ids["a@x.example"],
        "email": "a@x.example",
        "seat": 3,
        "first_day": today,
        "last_day": None,
    }
    assert (named["needed"], len(named["candidates"])) == (1, 2)
    assert enough["fits"]


async def test_who_is_gone_by_the_renewal_stands_in_nobodys_way(world: World) -> None:
    last_day = world.today() + timedelta(days=30)
    subscription, ids = await _held(world, last_day=str(last_day))

    asked = await check(world, subscription.id, 1)
    none_left = await check(world, subscription.id, 1, ids["a@x.example"])

    assert (asked["fits"], asked["seats_in_use"]) == (True, 1)
    assert none_left["fits"]


async def test_who_comes_after_the_renewal_counts(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=2, last_day=world.today(customer) + timedelta(days=9))
    first_day = str(world.today(customer) + timedelta(days=9))
    await world.assign(customer, license["id"], "next@x.example", first_day=first_day)

    assert (await check(world, subscription.id, 1))["needed"] == 1


async def test_a_subscription_that_will_not_renew_counts_those_of_today(world: World) -> None:
    subscription, _ = await _held(world)
    await world.change("cancel_scheduled", subscription, cancel_at_term_end=True)

    assert (await check(world, subscription.id, 1))["needed"] == 2


async def test_only_open_assignments_of_this_license_can_be_named(world: World) -> None:
    subscription, ids = await _held(world)
    other, foreign = await _held(world)
    async with world.manager(subscription.customer) as client:
        await client.post(f"/api/v1/assignments/{ids['a@x.example']}/deactivate")

    answer = await check(world, subscription.id, 3, ids["a@x.example"], foreign["a@x.example"], ids["b@x.example"])

    assert other.id != subscription.id
    assert answer["invalid_release"] == [ids["a@x.example"], foreign["a@x.example"]]
    assert not answer["fits"]


async def test_a_subscription_not_heard_of_yet_has_nobody_in_its_seats(world: World) -> None:
    answer = await check(world, new_id("sub"), 1, "asg_any")

    assert answer["fits"]
    assert answer["invalid_release"] == []


@pytest.mark.parametrize("body", [{}, {"quantity": 0}, {"quantity": 1, "more": 1}])
async def test_what_cannot_be_asked_is_refused(world: World, body: dict[str, Any]) -> None:
    async with world.service.internal() as client:
        answer = await client.post("/internal/subscriptions/sub_1/resize-check", json=body)

    assert answer.status_code == 422


async def test_only_services_may_ask(world: World) -> None:
    path, body = "/internal/subscriptions/sub_1/resize-check", {"quantity": 1}
    async with world.service.anonymous() as client:
        assert (await client.post(path, json=body)).status_code == 401
    async with world.manager(Customer()) as client:
        assert (await client.post(path, json=body)).status_code == 403
