"""A client was opened in a session."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from identity.sessions.models import session_clients

COLUMNS = ("session_id", "client_id", "first_seen_at")
NOTING = insert(session_clients).values({name: bindparam(f"note_{name}") for name in COLUMNS}).on_conflict_do_nothing()
"""The statement that remembers it, so that the client is told when the session ends. Twice is harmless."""


def noting_parameters(*, session_id: str, client_id: str, now: datetime) -> dict[str, Any]:
    """The parameters of `NOTING`."""
    return {"note_session_id": session_id, "note_client_id": client_id, "note_first_seen_at": now}
