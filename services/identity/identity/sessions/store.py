"""Sessions in the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, insert, or_, select, update

from chassis.db.transaction import Reader, Transaction
from identity.sessions.models import session_clients, sessions
from identity.sessions.rules import LIFETIMES
from identity.sessions.session import Session

NOT_ENDED = sessions.c.ended_at.is_(None)


def session_of(row: Row[Any]) -> Session:
    """The session that a row tells of."""
    values = {name: row._mapping[name] for name in Session.__slots__}
    return Session(**{**values, "amr": tuple(values["amr"])})


BY_DIGEST = select(sessions).where(sessions.c.secret_digest == bindparam("digest"), NOT_ENDED)


async def by_digest(reader: Reader, *, digest: str) -> Session | None:
    """The session behind a cookie, unless somebody ended it."""
    row = await reader.first(BY_DIGEST, {"digest": digest})
    return None if row is None else session_of(row)


async def by_id(reader: Reader, *, session_id: str) -> Session | None:
    """A session, unless somebody ended it."""
    row = await reader.first(select(sessions).where(sessions.c.id == session_id, NOT_ENDED))
    return None if row is None else session_of(row)


async def of_account(reader: Reader, *, account_id: str) -> list[Session]:
    """The sessions of a person that nobody ended, the latest use first."""
    of_theirs = select(sessions).where(sessions.c.account_id == account_id, NOT_ENDED)
    rows = await reader.all(of_theirs.order_by(sessions.c.last_seen_at.desc(), sessions.c.id))
    return [session_of(row) for row in rows]


async def insert_session(tx: Transaction, *, values: Mapping[str, Any]) -> None:
    """Store a new session."""
    await tx.execute(insert(sessions).values(**values))


async def update_session(tx: Reader, *, session_id: str, values: Mapping[str, Any]) -> None:
    """Change a session that nobody ended."""
    await tx.execute(update(sessions).where(sessions.c.id == session_id, NOT_ENDED).values(**values))


async def end(tx: Transaction, *, condition: Any, reason: str, now: datetime) -> list[Row[Any]]:
    """End the sessions that meet `condition` and still run: their ids and accounts."""
    return await tx.all(
        update(sessions)
        .where(condition, NOT_ENDED)
        .values(ended_at=now, end_reason=reason)
        .returning(sessions.c.id, sessions.c.account_id)
    )


def run_out(now: datetime) -> Any:
    """The condition of sessions whose time is over."""
    idle = [
        and_(sessions.c.kind == kind, sessions.c.last_seen_at <= now - lifetime.idle)
        for kind, lifetime in LIFETIMES.items()
    ]
    return or_(sessions.c.expires_at <= now, *idle)


async def clients_of(reader: Reader, *, session_ids: list[str]) -> list[Row[Any]]:
    """Which clients know of which sessions."""
    return await reader.all(select(session_clients).where(session_clients.c.session_id.in_(session_ids)))


async def forget_ended(tx: Transaction, *, before: datetime) -> None:
    """Delete what ended long ago."""
    await tx.execute(delete(sessions).where(sessions.c.ended_at < before))


async def account_of(reader: Reader, *, session_id: str) -> str | None:
    """Whose session it is or was."""
    return await reader.scalar(select(sessions.c.account_id).where(sessions.c.id == session_id))
