"""Units of one-off licenses: counted once each, never below nothing, whatever happens at once."""

import asyncio
from datetime import timedelta
from typing import Any

from chassis.kernel.ids import new_id
from tests.harness.eventually import eventually
from tests.licensing.world import Customer, World

PRODUCT = "repair-data"


async def _counted(world: World, customer: Customer, *, total: int | None, used: int = 0) -> dict[str, Any]:
    transfer_id = new_id("trf")
    one_off = {
        "legacy_id": new_id("leg"),
        "product_code": PRODUCT,
        "quantity": 1,
        "first_day": str(world.today() - timedelta(days=10)),
        "last_day": None,
        "units_total": total,
        "units_used": used,
        "applications": ["repair"],
    }
    data = {"transfer_id": transfer_id, "organization": customer.organization, "buyer": customer.buyer}
    await world.service.deliver("shop.transfer.transferred.v1", data | {"one_offs": [one_off]}, subject=transfer_id)
    async with world.manager(customer) as client:
        (license,) = (await client.get("/api/v1/licenses", params={"origin": "one_off"})).json()["items"]
    return license


async def _use(world: World, customer: Customer, license: dict[str, Any], units: int, reference: str) -> Any:
    async with world.manager(customer) as client:
        return await client.post(
            f"/api/v1/licenses/{license['id']}/usage", json={"units": units, "reference": reference}
        )


async def test_units_are_used_until_none_is_left(world: World) -> None:
    customer = Customer()
    license = await _counted(world, customer, total=10, used=4)

    first = await _use(world, customer, license, 5, "one")
    too_many = await _use(world, customer, license, 2, "two")
    last = await _use(world, customer, license, 1, "three")
    nothing_left = await _use(world, customer, license, 1, "four")

    assert first.json()["units"] == {"total": 10, "used": 9, "left": 1}
    assert (too_many.status_code, too_many.json()["units_left"]) == (409, 1)
    assert last.json()["status"] == "used_up"
    assert nothing_left.json()["type"].endswith("/problems/units-used-up")
    assert await world.reason(customer, customer.buyer_email, PRODUCT) == "units_used_up"

    async def announced() -> bool:
        events = await world.service.published("licensing.entitlement.changed.v1")
        return [event["grants"] for event in events if event["email"] == customer.buyer_email][-1:] == [[]]

    await eventually(announced)


async def test_the_same_reference_counts_once(world: World) -> None:
    customer = Customer()
    license = await _counted(world, customer, total=10)

    first = await _use(world, customer, license, 3, "job-1")
    again = await _use(world, customer, license, 3, "job-1")
    different = await _use(world, customer, license, 4, "job-1")

    assert first.json() == again.json()
    assert different.status_code == 409
    assert different.json()["type"].endswith("/problems/usage-reference-reused")


async def test_parallel_calls_never_use_more_than_there_is(world: World) -> None:
    customer = Customer()
    license = await _counted(world, customer, total=10)

    answers = await asyncio.gather(*[_use(world, customer, license, 3, f"r{n % 8}") for n in range(24)])

    async with world.manager(customer) as client:
        after = (await client.get(f"/api/v1/licenses/{license['id']}")).json()
    assert after["units"] == {"total": 10, "used": 9, "left": 1}
    assert {answer.status_code for answer in answers} == {200, 409}


async def test_a_license_without_units_has_none_to_use(world: World) -> None:
    customer = Customer()
    license = await _counted(world, customer, total=None)

    answer = await _use(world, customer, license, 1, "one")

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/problems/license-not-counted-in-units")


async def test_without_a_reference_every_call_counts(world: World) -> None:
    customer = Customer()
    license = await _counted(world, customer, total=10)

    async with world.manager(customer) as client:
        answers = [await client.post(f"/api/v1/licenses/{license['id']}/usage", json={"units": 2}) for _ in range(2)]

    assert [answer.json()["units"]["left"] for answer in answers] == [8, 6]
