"""The shop asks what is left of one-off licenses."""

from datetime import timedelta
from typing import Any

from chassis.kernel.ids import new_id
from tests.licensing.world import Customer, World


def _one_off(world: World, legacy_id: str, *, total: int | None, used: int) -> dict[str, Any]:
    return {
        "legacy_id": legacy_id,
        "product_code": "repair-data",
        "quantity": 1,
        "first_day": str(world.today() - timedelta(days=10)),
        "last_day": None,
        "units_total": total,
        "units_used": used,
        "applications": ["repair"],
    }


async def _left(world: World, organization_id: str) -> list[dict[str, Any]]:
    async with world.service.internal() as client:
        answer = await client.get(f"/internal/organizations/{organization_id}/one-off-units")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_what_is_used_here_counts_at_once(world: World) -> None:
    customer, transfer_id = Customer(), new_id("trf")
    counted, endless = new_id("leg"), new_id("leg")
    one_offs = [_one_off(world, counted, total=10, used=4), _one_off(world, endless, total=None, used=0)]
    moved = {"transfer_id": transfer_id, "organization": customer.organization, "buyer": customer.buyer}
    await world.service.deliver("shop.transfer.transferred.v1", moved | {"one_offs": one_offs}, subject=transfer_id)
    assert await _left(world, customer.id) == [{"legacy_id": counted, "units_left": 6}]

    async with world.manager(customer) as client:
        found = (await client.get("/api/v1/licenses", params={"origin": "one_off"})).json()["items"]
        [license_id] = [license["id"] for license in found if license["units"]]
        await client.post(f"/api/v1/licenses/{license_id}/usage", json={"units": 5, "reference": "one"})

    assert await _left(world, customer.id) == [{"legacy_id": counted, "units_left": 1}]
    assert await _left(world, "org_unheard_of") == []


async def test_only_services_may_ask_for_units(world: World) -> None:
    path = "/internal/organizations/org_1/one-off-units"
    async with world.service.anonymous() as client:
        assert (await client.get(path)).status_code == 401
    async with world.manager(Customer()) as client:
        assert (await client.get(path)).status_code == 403
