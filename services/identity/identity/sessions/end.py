"""Sign people out: everywhere that has seen the session."""

from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from chassis.kernel.clock import SystemClock
from identity.audit.record import record
from identity.sessions import store
from identity.sessions.events import SessionEnded
from identity.sessions.models import sessions

TELL_CLIENTS = "session.tell_clients"
"""The kind of job that carries the end of a session to the clients that know of it."""


async def end_session(tx: Transaction, session_id: str, reason: str) -> bool:
    """End one session; tells whether it still ran. Calling it twice is harmless.

    The services learn of it by event, the clients by back-channel logout.
    """
    ended = await store.end(tx, condition=sessions.c.id == session_id, reason=reason, now=SystemClock().now())
    await _tell(tx, ended, reason)
    return bool(ended)


async def end_sessions_of(tx: Transaction, account_id: str, reason: str, except_id: str | None = None) -> int:
    """End every session of a person but `except_id`; tells how many."""
    theirs = sessions.c.account_id == account_id
    if except_id is not None:
        theirs = theirs & (sessions.c.id != except_id)
    ended = await store.end(tx, condition=theirs, reason=reason, now=SystemClock().now())
    await _tell(tx, ended, reason)
    return len(ended)


async def _tell(tx: Transaction, ended: list[Row[Any]], reason: str) -> None:
    for row in ended:
        tx.emit(SessionEnded(session_id=row.id, account_id=row.account_id, reason=reason))
        tx.schedule(TELL_CLIENTS, key=row.id, due_at=tx.now, payload={"session_id": row.id})
        await record(tx, "session.ended", row.account_id, session_id=row.id, reason=reason)
