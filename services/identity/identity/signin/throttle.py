"""Wrong guesses are counted, by what is guessed and from where; after too many the next one has to wait."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from math import ceil

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Reader, Transaction
from identity.signin.errors import TooManyAttempts
from identity.signin.models import sign_in_attempts as attempts
from identity.signin.rules import Budget, delay_after


def key_of(kind: str, name: str) -> str:
    """What a counter is called."""
    return f"{kind}:{sha256(name.encode()).hexdigest()[:32]}"


async def check_patience(reader: Reader, keys: Iterable[str], *, now: datetime) -> None:
    """Raise TooManyAttempts while one of the keys has to wait."""
    until = await reader.scalar(select(func.max(attempts.c.blocked_until)).where(attempts.c.key.in_(list(keys))))
    if until is not None and until > now:
        raise TooManyAttempts(retry_after=max(1, ceil((until - now).total_seconds())))


async def count_failure(tx: Transaction, budgets: Mapping[str, Budget], *, now: datetime) -> None:
    """Count one wrong guess against each of the keys; beyond its budget a key has to wait."""
    for key in sorted(budgets):
        budget = budgets[key]
        delay = delay_after(await _counted(tx, key, budget, now), budget)
        if delay:
            await tx.execute(update(attempts).where(attempts.c.key == key).values(blocked_until=now + delay))


async def forget_failures(tx: Transaction, key: str) -> None:
    """It was the right person: start anew."""
    await tx.execute(delete(attempts).where(attempts.c.key == key))


async def forget_old(tx: Transaction, *, before: datetime) -> None:
    """Delete counters that nobody touched since."""
    await tx.execute(delete(attempts).where(attempts.c.last_at < before))


async def _counted(tx: Transaction, key: str, budget: Budget, now: datetime) -> int:
    statement = insert(attempts).values(key=key, attempts=1, last_at=now)
    is_forgotten = attempts.c.last_at < now - budget.forgotten_after
    return await tx.scalar(
        statement.on_conflict_do_update(
            index_elements=[attempts.c.key],
            set_={"attempts": case((is_forgotten, 1), else_=attempts.c.attempts + 1), "last_at": now},
        ).returning(attempts.c.attempts)
    )
