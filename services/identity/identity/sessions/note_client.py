"""A client was opened in a session."""

from datetime import datetime

from chassis.db.transaction import Transaction
from identity.sessions import store


async def note_client(tx: Transaction, *, session_id: str, client_id: str, now: datetime) -> None:
    """Remember it, so that the client is told when the session ends. Twice is harmless."""
    await store.note_client(tx, session_id=session_id, client_id=client_id, now=now)
