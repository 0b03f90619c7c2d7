"""Telling the legacy shop to stop billing: the release list, acknowledged at once or confirmed by operators.

A file export cannot be written back to. The list says which subscriptions the old shop's operators switch off;
with `SHOP_TRANSFER_RELEASE=confirmed` nobody moves before they confirm it, otherwise it counts as acknowledged
when it is written, in the transaction that moves the customer: exactly one shop bills at any moment.
"""

from typing import Any

from sqlalchemy import Row, insert, select, update

from chassis.db.transaction import Transaction
from shop.transfers.models import releases
from shop.transfers.rules.moving import Moving


async def ask(tx: Transaction, transfer: Row[Any], moves: Moving, *, is_acknowledged: bool) -> int:
    """Put the subscriptions on the release list under the transfer's next fence; the fence."""
    fence = transfer.fence + 1
    await tx.execute(
        insert(releases).values(
            transfer_id=transfer.id,
            wave_id=transfer.wave_id,
            action="release",
            fence=fence,
            legacy_customer_id=transfer.legacy_customer_id,
            subscriptions=[{"legacy_id": moving.legacy_id, "number": moving.number} for moving in moves.subscriptions],
            asked_at=tx.now,
            acknowledged_at=tx.now if is_acknowledged else None,
        )
    )
    return fence


async def pending(tx: Transaction, transfer_id: str) -> Row[Any] | None:
    """The release that waits for its confirmation, or was confirmed last."""
    return await tx.first(
        select(releases)
        .where(releases.c.transfer_id == transfer_id, releases.c.action == "release")
        .order_by(releases.c.id.desc())
        .limit(1)
    )


async def confirm(tx: Transaction, transfer_ids: list[str]) -> None:
    """The old shop has stopped billing these."""
    await tx.execute(
        update(releases)
        .where(
            releases.c.transfer_id.in_(transfer_ids),
            releases.c.action == "release",
            releases.c.acknowledged_at.is_(None),
        )
        .values(acknowledged_at=tx.now)
    )


async def restore(tx: Transaction, transfer: Row[Any]) -> None:
    """Put on the list that the old shop bills these again."""
    released = await pending(tx, transfer.id)
    await tx.execute(
        insert(releases).values(
            transfer_id=transfer.id,
            wave_id=transfer.wave_id,
            action="restore",
            fence=transfer.fence + 1,
            legacy_customer_id=transfer.legacy_customer_id,
            subscriptions=released.subscriptions if released is not None else [],
            asked_at=tx.now,
            acknowledged_at=tx.now,
        )
    )
