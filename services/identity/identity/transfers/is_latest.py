"""Tell the latest word about a transfer from those that arrive late."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from chassis.db.transaction import Transaction

NOTE = text(
    "INSERT INTO transfers AS t (id, sequence, organization_id, state)"
    " SELECT id, sequence, organization_id, :state"
    " FROM unnest(CAST(:ids AS text[]), CAST(:sequences AS bigint[]), CAST(:organizations AS text[]))"
    ' AS w(id, sequence, organization_id) ORDER BY id COLLATE "C"'
    " ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, state = excluded.state"
    " WHERE t.sequence < excluded.sequence RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Word:
    """Something said about a transfer, and its place among all that was said of it."""

    transfer_id: str
    organization_id: str
    sequence: int


async def is_latest(tx: Transaction, word: Word, *, state: str) -> bool:
    """Note what is said about the transfer; False when a later word was heard already, or this very one."""
    return bool(await latest_of(tx, [word], state=state))


async def latest_of(tx: Transaction, words: Sequence[Word], *, state: str) -> list[Word]:
    """Note, in one statement, what is said about several transfers; the words that count, the last of each."""
    last: dict[str, Word] = {}
    for word in words:
        if word.transfer_id not in last or last[word.transfer_id].sequence < word.sequence:
            last[word.transfer_id] = word
    if not last:
        return []
    params = {
        "state": state,
        "ids": list(last),
        "sequences": [word.sequence for word in last.values()],
        "organizations": [word.organization_id for word in last.values()],
    }
    noted = set((await tx.execute(NOTE, params)).scalars())
    return [word for word in last.values() if word.transfer_id in noted]
