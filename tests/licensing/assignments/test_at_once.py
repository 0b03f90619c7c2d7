"""Many at the same time: the promises about seats hold, and nobody waits in a circle."""

import asyncio
from typing import Any

from tests.licensing.world import Customer, World


async def test_three_hundred_parallel_assignments_on_fifty_seats_are_exactly_fifty(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=51)

    results = await asyncio.gather(*[world.assign(customer, license["id"], f"user{n}@x.example") for n in range(300)])

    codes = [result[0]["code"] for result in results]
    assert codes.count(None) == 50
    assert codes.count("no_free_seat") == 250
    async with world.manager(customer) as client:
        after = (await client.get(f"/api/v1/licenses/{license['id']}")).json()
    assert (after["assigned"], after["free"]) == (51, 0)
    seats = [result[0]["assignment"]["seat"] for result in results if result[0]["assignment"]]
    assert len(set(seats)) == 50


async def test_one_address_on_two_licenses_of_a_product_at_once_gets_one_seat(world: World) -> None:
    customer = Customer()
    _, one = await world.start(customer, quantity=20)
    _, other = await world.start(customer, quantity=20)

    results = await asyncio.gather(
        *[
            world.assign(customer, license["id"], f"twin{n}@x.example")
            for n in range(10)
            for license in (one, other)
            for _ in range(2)
        ]
    )

    codes = [result[0]["code"] for result in results]
    assert codes.count(None) == 10
    assert codes.count("already_assigned") == 30


async def test_assigning_deactivating_and_resizing_at_once_end_in_a_state_that_holds(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=6)
    results = await world.assign(customer, license["id"], [f"first{n}@x.example" for n in range(5)])
    ids = [result["assignment"]["id"] for result in results]

    async def deactivate(assignment_id: str) -> Any:
        async with world.manager(customer) as client:
            return await client.post(f"/api/v1/assignments/{assignment_id}/deactivate")

    await asyncio.gather(
        *[deactivate(assignment_id) for assignment_id in ids],
        *[world.assign(customer, license["id"], f"second{n}@x.example") for n in range(10)],
        world.change("quantity_changed", subscription, quantity=3),
    )

    after = await world.license_of(subscription)
    assert after["quantity"] == 3
    assert after["assigned"] == 3 + after["over_quantity"] - after["free"]
    assert after["free"] == 0 or after["over_quantity"] == 0
