"""A client was opened in a session."""

from datetime import datetime

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert

from identity.sessions.models import session_clients


def noting_client(*, session_id: str, client_id: str, now: datetime) -> Insert:
    """The statement that remembers it, so that the client is told when the session ends. Twice is harmless."""
    statement = insert(session_clients).values(session_id=session_id, client_id=client_id, first_seen_at=now)
    return statement.on_conflict_do_nothing()
