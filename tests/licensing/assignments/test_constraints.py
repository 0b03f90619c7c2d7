"""The database itself keeps the promises about seats, even from code that forgot to."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.licensing.world import Customer, World

COPY = (
    "INSERT INTO assignments (id, license_id, organization_id, product_code, seat_no, seat, email, first_day, last_day, "
    "until_day, starts_at, ends_at, state, created_at, created_by) "
    "SELECT id || :suffix, license_id, organization_id, product_code, coalesce(:seat_no, seat_no), seat, :email, "
    "first_day, last_day, until_day, starts_at, ends_at, state, created_at, created_by FROM assignments WHERE id = :id"
)


async def _held_seat(world: World) -> dict[str, Any]:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    (result,) = await world.assign(customer, license["id"], "jane@x.example")
    return result["assignment"]


async def _break(world: World, statement: str, **params: Any) -> str:
    with pytest.raises(IntegrityError) as caught:
        async with world.service.runtime.database.transaction() as tx:
            await tx.execute(text(statement), params)
    return str(caught.value.orig)


async def test_a_seat_never_has_two_holders_on_a_day(world: World) -> None:
    mine = await _held_seat(world)

    refusal = await _break(world, COPY, id=mine["id"], suffix="x", seat_no=None, email="john@x.example")

    assert "assignments_one_holder_per_seat_and_day" in refusal


async def test_an_address_never_holds_two_seats_of_a_product_on_a_day(world: World) -> None:
    mine = await _held_seat(world)
    async with world.service.runtime.database.read() as reader:
        other = await reader.scalar(
            text(
                "SELECT s.no FROM seats s JOIN assignments a ON a.license_id = s.license_id "
                "WHERE a.id = :id AND NOT EXISTS (SELECT 1 FROM assignments b WHERE b.seat_no = s.no "
                "AND b.email = 'jane@x.example') LIMIT 1"
            ),
            {"id": mine["id"]},
        )
        await reader.execute(
            text("UPDATE assignments SET closed_at = now(), closed_reason = 'released' WHERE seat_no = :no"),
            {"no": other},
        )

    refusal = await _break(world, COPY, id=mine["id"], suffix="x", seat_no=other, email="jane@x.example")

    assert "assignments_one_seat_per_address_and_day" in refusal


async def test_a_seat_in_use_cannot_be_retired(world: World) -> None:
    mine = await _held_seat(world)

    refusal = await _break(
        world,
        "UPDATE seats SET retired_at = now() WHERE no = (SELECT seat_no FROM assignments WHERE id = :id)",
        id=mine["id"],
    )

    assert "assignments_seat_is_live_fkey" in refusal


async def test_nobody_holds_a_seat_of_another_license(world: World) -> None:
    mine = await _held_seat(world)
    _, foreign = await world.start(Customer(), quantity=2)

    refusal = await _break(
        world,
        "UPDATE assignments SET seat_no = (SELECT no FROM seats WHERE license_id = :foreign AND slot = 2) WHERE id = :id",
        id=mine["id"],
        foreign=foreign["id"],
    )

    assert "assignments_seat_is_live_fkey" in refusal


async def test_units_never_go_below_nothing(world: World) -> None:
    mine = await _held_seat(world)

    refusal = await _break(
        world,
        "UPDATE licenses SET units_total = 5, units_used = 6 WHERE id = :id",
        id=mine["license_id"],
    )

    assert "licenses_units_check" in refusal


async def test_a_closed_assignment_gives_its_days_back(world: World) -> None:
    mine = await _held_seat(world)
    async with world.service.runtime.database.transaction() as tx:
        await tx.execute(
            text("UPDATE assignments SET closed_at = :now, closed_reason = 'deactivated' WHERE id = :id"),
            {"id": mine["id"], "now": world.now() + timedelta(seconds=1)},
        )
        await tx.execute(text(COPY), {"id": mine["id"], "suffix": "x", "seat_no": None, "email": "jane@x.example"})
