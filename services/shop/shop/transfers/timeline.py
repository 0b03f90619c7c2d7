"""The timeline of a transfer: what happened, when, by whom."""

from typing import Any

from sqlalchemy import insert

from chassis.db.transaction import Transaction
from shop.transfers.models import entries


async def note(tx: Transaction, transfer_id: str, what: str, **detail: Any) -> None:
    """Add an entry to a transfer's timeline."""
    await note_all(tx, [(transfer_id, what, detail)])


async def note_all(tx: Transaction, happened: list[tuple[str, str, dict[str, Any]]]) -> None:
    """Add several entries at once."""
    if happened:
        await tx.execute(
            insert(entries),
            [
                {"transfer_id": transfer_id, "at": tx.now, "what": what, "detail": detail, "actor": tx.actor}
                for transfer_id, what, detail in happened
            ],
        )
