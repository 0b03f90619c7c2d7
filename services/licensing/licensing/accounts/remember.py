"""Keep the addresses of accounts up to date."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from chassis.db.transaction import Transaction

REMEMBER = text(
    "INSERT INTO accounts AS a (id, email, sequence) SELECT w.id, w.email, w.sequence FROM "
    "unnest(CAST(:ids AS text[]), CAST(:emails AS text[]), CAST(:sequences AS bigint[])) AS w(id, email, sequence) "
    'ORDER BY w.id COLLATE "C" ON CONFLICT (id) DO UPDATE SET email = excluded.email, sequence = excluded.sequence '
    "WHERE a.sequence < excluded.sequence"
)


@dataclass(frozen=True, slots=True)
class Word:
    """What an event said of an account, and its place among all that was said of it. The address is normalized."""

    account_id: str
    email: str
    sequence: int


async def remember(tx: Transaction, words: Iterable[Word]) -> None:
    """Store the addresses, in one statement; what is older than what is known already changes nothing."""
    last = {word.account_id: word for word in sorted(words, key=lambda word: word.sequence)}
    params = {
        "ids": list(last),
        "emails": [word.email for word in last.values()],
        "sequences": [word.sequence for word in last.values()],
    }
    await tx.execute(REMEMBER, params)
