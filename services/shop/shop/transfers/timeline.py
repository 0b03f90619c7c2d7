"""The timeline of a transfer: what happened, when, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text

from chassis.db.transaction import Transaction

KEEP = text(
    "INSERT INTO transfer_entries (transfer_id, at, what, detail, actor)"
    " SELECT transfer_id, :now, what, CAST(detail AS jsonb), actor"
    " FROM unnest(CAST(:ids AS text[]), CAST(:whats AS text[]), CAST(:details AS text[]), CAST(:actors AS text[]))"
    " WITH ORDINALITY AS w(transfer_id, what, detail, actor, place) ORDER BY place"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened in a transfer."""

    transfer_id: str
    what: str
    detail: dict[str, Any]
    actor: str


async def note(tx: Transaction, transfer_id: str, what: str, **detail: Any) -> None:
    """Add an entry to a transfer's timeline."""
    await note_all(tx, [(transfer_id, what, detail)])


async def note_all(tx: Transaction, happened: Sequence[tuple[str, str, dict[str, Any]]]) -> None:
    """Add several entries at once, all of them by the transaction's actor."""
    await keep(tx, [Entry(transfer_id, what, detail, tx.actor) for transfer_id, what, detail in happened])


async def keep(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Add entries in their order, one statement for any number of them."""
    if entries:
        params = {
            "now": tx.now,
            "ids": [entry.transfer_id for entry in entries],
            "whats": [entry.what for entry in entries],
            "details": [orjson.dumps(entry.detail, default=str).decode() for entry in entries],
            "actors": [entry.actor for entry in entries],
        }
        await tx.execute(KEEP, params)
