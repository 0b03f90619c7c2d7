"""Telling the legacy shop to stop billing: the release list, acknowledged at once or confirmed by operators.

A file export cannot be written back to. The list says which subscriptions the old shop's operators switch off;
with `SHOP_TRANSFER_RELEASE=confirmed` nobody moves before they confirm it, otherwise it counts as acknowledged
when it is written, in the transaction that moves the customer: exactly one shop bills at any moment.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select, text, update

from chassis.db.transaction import Transaction
from shop.transfers.cut.carry import MovingCustomer
from shop.transfers.models import releases
from shop.transfers.timeline import note_all

WAIT = text(
    "UPDATE transfers t SET state = 'transferring', next_at = NULL, fence = w.fence, changed_at = :now"
    " FROM unnest(CAST(:ids AS text[]), CAST(:fences AS int[])) AS w(id, fence) WHERE t.id = w.id"
)


async def ask_all(tx: Transaction, customers: Sequence[MovingCustomer], *, is_acknowledged: bool) -> None:
    """Put the subscriptions on the release list, each customer's under the transfer's next fence."""
    rows = [
        {
            **_about(customer.transfer),
            "action": "release",
            "fence": customer.fence,
            "subscriptions": [
                {"legacy_id": item.legacy_id, "number": item.number} for item in customer.moves.subscriptions
            ],
            "asked_at": tx.now,
            "acknowledged_at": tx.now if is_acknowledged else None,
        }
        for customer in customers
    ]
    if rows:
        await tx.execute(insert(releases), rows)


async def wait_for_all(tx: Transaction, customers: Sequence[MovingCustomer]) -> None:
    """Let the transfers wait until operators have confirmed the release."""
    if not customers:
        return
    params = {
        "now": tx.now,
        "ids": [customer.transfer.id for customer in customers],
        "fences": [customer.fence for customer in customers],
    }
    await tx.execute(WAIT, params)
    await note_all(
        tx, [(c.transfer.id, "release_asked", {"subscriptions": len(c.moves.subscriptions)}) for c in customers]
    )


async def last_of(tx: Transaction, transfer_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """The last release that was asked for, by transfer."""
    rows = await tx.all(
        select(releases)
        .where(releases.c.transfer_id.in_(transfer_ids), releases.c.action == "release")
        .order_by(releases.c.id)
    )
    return {row.transfer_id: row for row in rows}


async def confirm_all(tx: Transaction, wave_id: str) -> None:
    """The old shop has stopped billing what the wave's release list names."""
    await tx.execute(
        update(releases)
        .where(
            releases.c.wave_id == wave_id,
            releases.c.action == "release",
            releases.c.acknowledged_at.is_(None),
        )
        .values(acknowledged_at=tx.now)
    )


async def restore_all(tx: Transaction, transfers: Sequence[Row[Any]]) -> None:
    """Put on the list that the old shop bills these again; nothing for those it was never asked to stop."""
    released = await last_of(tx, [transfer.id for transfer in transfers])
    rows = [
        {
            **_about(transfer),
            "action": "restore",
            "fence": released[transfer.id].fence + 1,
            "subscriptions": released[transfer.id].subscriptions,
            "asked_at": tx.now,
            "acknowledged_at": tx.now,
        }
        for transfer in transfers
        if transfer.id in released
    ]
    if rows:
        await tx.execute(insert(releases), rows)


def _about(transfer: Row[Any]) -> dict[str, str]:
    return {
        "transfer_id": transfer.id,
        "wave_id": transfer.wave_id,
        "legacy_customer_id": transfer.legacy_customer_id,
    }
