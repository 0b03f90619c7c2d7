"""The SQL of transfers that several steps share."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, cast, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.transaction import Reader, Transaction
from shop.transfers.errors import TransferNotFound
from shop.transfers.models import directory, transfers, waves
from shop.transfers.states import WAVE_HAS_WORK

DECIDED = text(
    "UPDATE transfers t SET outcome = w.outcome, codes = string_to_array(w.codes, ' '),"
    " warnings = string_to_array(w.warnings, ' ') FROM unnest(CAST(:ids AS text[]), CAST(:outcomes AS text[]),"
    " CAST(:codes AS text[]), CAST(:warnings AS text[])) AS w(id, outcome, codes, warnings) WHERE t.id = w.id"
)


async def find(reader: Reader, transfer_id: str) -> Row[Any]:
    """One transfer. Raises TransferNotFound."""
    row = await reader.first(select(transfers).where(transfers.c.id == transfer_id))
    if row is None:
        raise TransferNotFound()
    return row


async def lock(tx: Transaction, transfer_id: str) -> Row[Any]:
    """One transfer, locked. Raises TransferNotFound."""
    row = await tx.first(select(transfers).where(transfers.c.id == transfer_id).with_for_update(key_share=True))
    if row is None:
        raise TransferNotFound()
    return row


async def lock_due(tx: Transaction, wave_ids: Collection[str], limit: int) -> list[Row[Any]]:
    """Transfers of these waves that something is due for, locked; others may work on the rest meanwhile."""
    return await tx.all(
        select(transfers)
        .join(waves, waves.c.id == transfers.c.wave_id)
        .where(transfers.c.next_at <= tx.now, waves.c.id.in_(wave_ids), waves.c.state.in_(WAVE_HAS_WORK))
        .order_by(transfers.c.next_at, transfers.c.id)
        .limit(limit)
        .with_for_update(of=transfers, key_share=True, skip_locked=True)
    )


async def lock_directory(tx: Transaction, legacy_ids: Sequence[str]) -> None:
    """Hold the customers' facts still: no import replaces them until this transaction ends."""
    statement = select(directory.c.legacy_id).where(directory.c.legacy_id.in_(legacy_ids))
    await tx.execute(statement.order_by(directory.c.legacy_id).with_for_update(key_share=True))


async def change(tx: Transaction, transfer_id: str, **values: Any) -> None:
    """Change columns of one transfer."""
    await tx.execute(update(transfers).where(transfers.c.id == transfer_id).values(**values, changed_at=tx.now))


async def change_many(tx: Transaction, due: Mapping[str, datetime | None], **values: Any) -> None:
    """Change columns of several transfers; `due` says when each is looked at next."""
    if not due:
        return
    wanted = (
        func.unnest(cast(list(due), ARRAY(Text)), cast(list(due.values()), ARRAY(transfers.c.next_at.type)))
        .table_valued("id", "next_at", name="wanted")
        .render_derived()
    )
    await tx.execute(
        update(transfers)
        .where(transfers.c.id == wanted.c.id)
        .values(next_at=wanted.c.next_at, changed_at=tx.now, **values)
    )


async def remember_decisions(tx: Transaction, decided: Sequence[tuple[str, Any]]) -> None:
    """Keep outcome, codes and warnings of the last look: (transfer id, decision) each."""
    if decided:
        await tx.execute(
            DECIDED,
            {
                "ids": [transfer_id for transfer_id, _ in decided],
                "outcomes": [decision.outcome for _, decision in decided],
                "codes": [" ".join(decision.codes) for _, decision in decided],
                "warnings": [" ".join(decision.warnings) for _, decision in decided],
            },
        )
