"""Follow the course of transfers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, bindparam, text

from chassis.db.transaction import Transaction

FOLLOW = text(
    "INSERT INTO transfers AS t (id, organization_id, buyer_email, state, sequence, happened_at) "
    "SELECT id, organization_id, buyer_email, :state, sequence, happened_at "
    "FROM unnest(CAST(:ids AS text[]), CAST(:organizations AS text[]), CAST(:emails AS text[]), "
    "CAST(:sequences AS bigint[]), :happened_at) AS w(id, organization_id, buyer_email, sequence, happened_at) "
    'ORDER BY id COLLATE "C" ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id, '
    "buyer_email = excluded.buyer_email, state = excluded.state, sequence = excluded.sequence, "
    "happened_at = excluded.happened_at WHERE t.sequence < excluded.sequence RETURNING id"
).bindparams(bindparam("happened_at", type_=ARRAY(DateTime(timezone=True))))


@dataclass(frozen=True, slots=True)
class Word:
    """What an event said of a transfer, and its place among all that was said of it. The address is normalized."""

    transfer_id: str
    organization_id: str
    buyer_email: str
    sequence: int
    happened_at: datetime


async def follow(tx: Transaction, words: Iterable[Word], *, state: str) -> list[Word]:
    """Store the state that transfers have come to, in one statement; the words that are news, the last of each.

    What is not newer than what is known already is no news: events may come out of order.
    """
    last: dict[str, Word] = {}
    for word in words:
        if word.transfer_id not in last or last[word.transfer_id].sequence < word.sequence:
            last[word.transfer_id] = word
    params = {
        "state": state,
        "ids": list(last),
        "organizations": [word.organization_id for word in last.values()],
        "emails": [word.buyer_email for word in last.values()],
        "sequences": [word.sequence for word in last.values()],
        "happened_at": [word.happened_at for word in last.values()],
    }
    news = set((await tx.execute(FOLLOW, params)).scalars())
    return [word for word in last.values() if word.transfer_id in news]
