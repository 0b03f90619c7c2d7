"""Whose cookie is this?"""

from datetime import UTC, datetime, timedelta

from gateway.sessions import store
from gateway.sessions.desk import SessionDesk, key_of
from gateway.sessions.session import GatewaySession

SLIDE_EVERY = timedelta(seconds=60)


async def find(desk: SessionDesk, cookie: str, *, slide: bool = True) -> GatewaySession | None:
    """The session of a cookie, or None where it never existed or is over.

    `slide` says that a person uses it: it then lives on for the idle time from now. The table is asked about once in
    a second per session, and written once in a minute.
    """
    key = key_of(cookie)
    now = datetime.now(UTC)
    session = desk.cache.get(key)
    if session is None:
        session = await _read(desk, key, now, slide=slide)
    if session is None or desk.is_over(session, now):
        return None
    return session


async def _read(desk: SessionDesk, key: str, now: datetime, *, slide: bool) -> GatewaySession | None:
    async with desk.database.read() as reader:
        row = await store.find(reader, key)
        if row is None or min(row.used_at + store.idle_of(row), row.expires_at) < now:
            return None
        if slide and now - row.used_at > SLIDE_EVERY:
            await store.touch(reader, key, now)
            row = await store.find(reader, key)
    if row is None:
        return None
    session = desk.session_of(row)
    desk.cache.put(session)
    return session
