"""Every try is counted before it is judged, so that many at the same time cannot slip through together."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from math import ceil

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from identity.signin.errors import TooManyAttempts
from identity.signin.models import sign_in_attempts as attempts
from identity.signin.rules import Budget, delay_after


def key_of(kind: str, name: str) -> str:
    """What a counter is called."""
    return f"{kind}:{sha256(name.encode()).hexdigest()[:32]}"


async def count_attempt(tx: Transaction, budgets: Mapping[str, Budget], *, now: datetime) -> None:
    """Count one try against each of the keys. Raises TooManyAttempts while one of them is made to wait."""
    for key in sorted(budgets):
        budget = budgets[key]
        number = await _counted(tx, key, budget, now)
        if number is None:
            raise TooManyAttempts(retry_after=await _seconds_left(tx, key, now))
        delay = delay_after(number, budget)
        if delay:
            await tx.execute(update(attempts).where(attempts.c.key == key).values(blocked_until=now + delay))


async def forget_attempts(tx: Transaction, key: str) -> None:
    """It was the right person: start anew."""
    await tx.execute(delete(attempts).where(attempts.c.key == key))


async def take_back_attempt(tx: Transaction, key: str) -> None:
    """The try was no guess: it does not count for others who share the key."""
    fewer = func.greatest(attempts.c.attempts - 1, 0)
    await tx.execute(update(attempts).where(attempts.c.key == key).values(attempts=fewer, blocked_until=None))


async def forget_old(tx: Transaction, *, before: datetime) -> None:
    """Delete counters that nobody touched since."""
    await tx.execute(delete(attempts).where(attempts.c.last_at < before))


async def _counted(tx: Transaction, key: str, budget: Budget, now: datetime) -> int | None:
    statement = insert(attempts).values(key=key, attempts=1, last_at=now)
    is_forgotten = attempts.c.last_at < now - budget.forgotten_after
    return await tx.scalar(
        statement.on_conflict_do_update(
            index_elements=[attempts.c.key],
            set_={
                "attempts": case((is_forgotten, 1), else_=attempts.c.attempts + 1),
                "last_at": now,
                "blocked_until": None,
            },
            where=or_(attempts.c.blocked_until.is_(None), attempts.c.blocked_until <= now),
        ).returning(attempts.c.attempts)
    )


async def _seconds_left(tx: Transaction, key: str, now: datetime) -> int:
    until = await tx.scalar(select(attempts.c.blocked_until).where(attempts.c.key == key))
    return max(1, ceil((until - now).total_seconds())) if until else 1
