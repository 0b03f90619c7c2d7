"""The table of sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from chassis.db.transaction import Reader, Transaction
from gateway.sessions.models import sessions

Values = dict[str, Any]


async def add(tx: Transaction, values: Values) -> None:
    """A new session."""
    await tx.execute(insert(sessions).values(**values))


async def find(reader: Reader, key: str) -> Row[Any] | None:
    """The session of a cookie, over or not."""
    return await reader.first(select(sessions).where(sessions.c.key == key))


async def lock(tx: Transaction, key: str) -> Row[Any] | None:
    """The same, and nobody else may refresh it until this transaction ends."""
    return await tx.first(select(sessions).where(sessions.c.key == key).with_for_update())


async def change(tx: Transaction, key: str, values: Values) -> Row[Any]:
    """The session with other values."""
    return await tx.one(update(sessions).where(sessions.c.key == key).values(**values).returning(sessions))


async def touch(reader: Reader, key: str, used_at: datetime) -> None:
    """It was used just now."""
    await reader.execute(update(sessions).where(sessions.c.key == key).values(used_at=used_at))


async def remove(reader: Reader, key: str) -> None:
    """One browser's session is over."""
    await reader.execute(delete(sessions).where(sessions.c.key == key))


async def remove_by_session(reader: Reader, session_id: str) -> None:
    """The provider's session is over, and with it everything that hangs on it."""
    await reader.execute(delete(sessions).where(sessions.c.session_id == session_id))


async def remove_by_account(reader: Reader, account_id: str) -> None:
    """All sessions of an account are over."""
    await reader.execute(delete(sessions).where(sessions.c.account_id == account_id))


async def expire_tokens(reader: Reader, account_id: str, now: datetime) -> None:
    """The access tokens of an account tell of rights it no longer has, or not yet."""
    await reader.execute(update(sessions).where(sessions.c.account_id == account_id).values(access_expires_at=now))


async def purge(tx: Transaction) -> int:
    """Remove what is over by now (real time); how many."""
    now = datetime.now(UTC)
    idle_until = sessions.c.used_at + func.make_interval(0, 0, 0, 0, 0, 0, sessions.c.idle_seconds)
    gone = await tx.execute(delete(sessions).where((sessions.c.expires_at < now) | (idle_until < now)))
    return gone.rowcount


def idle_of(row: Row[Any]) -> timedelta:
    """After how long without use it is over."""
    return timedelta(seconds=row.idle_seconds)
