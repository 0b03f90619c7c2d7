"""The SQL of waves."""

from typing import Any

from sqlalchemy import Row, func, select, update

from chassis.db.transaction import Reader, Transaction
from shop.transfers.errors import WaveNotFound
from shop.transfers.going import stand_still
from shop.transfers.models import transfers, waves


async def find(reader: Reader, wave_id: str) -> Row[Any]:
    """One wave. Raises WaveNotFound."""
    row = await reader.first(select(waves).where(waves.c.id == wave_id))
    if row is None:
        raise WaveNotFound()
    return row


async def lock(tx: Transaction, wave_id: str) -> Row[Any]:
    """One wave, locked; it stands still from now on, for the work under way is waited for. Raises WaveNotFound.

    The lock leaves foreign keys to the wave checkable: the background work changes transfers meanwhile, and would
    otherwise wait for this while this waits for it.
    """
    await stand_still(tx, wave_id)
    row = await tx.first(select(waves).where(waves.c.id == wave_id).with_for_update(key_share=True))
    if row is None:
        raise WaveNotFound()
    return row


async def change(tx: Transaction, wave_id: str, **values: Any) -> None:
    """Change columns of a wave."""
    await tx.execute(update(waves).where(waves.c.id == wave_id).values(**values, version=waves.c.version + 1))


async def states_of(reader: Reader, wave_ids: list[str]) -> dict[str, dict[str, int]]:
    """How many transfers are in which state, by wave."""
    rows = await reader.all(
        select(transfers.c.wave_id, transfers.c.state, func.count().label("number"))
        .where(transfers.c.wave_id.in_(wave_ids))
        .group_by(transfers.c.wave_id, transfers.c.state)
    )
    found: dict[str, dict[str, int]] = {wave_id: {} for wave_id in wave_ids}
    for row in rows:
        found[row.wave_id][row.state] = row.number
    return found


async def size_of(reader: Reader, wave_id: str) -> int:
    """How many customers a wave has."""
    counted = select(func.count()).select_from(transfers).where(transfers.c.wave_id == wave_id)
    return int(await reader.scalar(counted) or 0)


async def funnels_of(reader: Reader, wave_ids: list[str]) -> dict[str, Row[Any]]:
    """How far the customers of each wave have come."""
    steps = {
        "planned": func.count(),
        "announced": func.count(transfers.c.announced_at),
        "reminded": func.count(transfers.c.reminded_at),
        "transferred": func.count(transfers.c.transferred_at),
        "activated": func.count(transfers.c.activated_at),
        "first_sign_in": func.count(transfers.c.first_sign_in_at),
        "first_renewal": func.count(transfers.c.first_renewal_at),
        "settled": func.count(transfers.c.settled_at),
    }
    rows = await reader.all(
        select(transfers.c.wave_id, *[count.label(name) for name, count in steps.items()])
        .where(transfers.c.wave_id.in_(wave_ids))
        .group_by(transfers.c.wave_id)
    )
    return {row.wave_id: row for row in rows}
