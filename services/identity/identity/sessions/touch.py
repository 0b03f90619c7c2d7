"""A session is in use."""

from datetime import datetime

from chassis.db.transaction import Reader
from identity.sessions import store


async def touch_session(reader: Reader, session_id: str, *, now: datetime) -> None:
    """Note the use, so that the session does not end for want of it."""
    await store.update_session(reader, session_id=session_id, values={"last_seen_at": now})
