"""Transfers that wait for something to be mended: a newer export may have mended it."""

from sqlalchemy import select, update

from chassis.db.transaction import Transaction
from shop.transfers.models import transfers, waves

ACTIVE_WAVES = ("scheduled", "running")


async def look_again(tx: Transaction) -> None:
    """Have the planned transfers of active waves looked at now; none is announced before its time by this."""
    active = select(waves.c.id).where(waves.c.state.in_(ACTIVE_WAVES))
    await tx.execute(
        update(transfers)
        .where(
            transfers.c.wave_id.in_(active),
            transfers.c.state.in_(("planned", "postponed")),
            transfers.c.next_at > tx.now,
        )
        .values(next_at=tx.now)
    )
