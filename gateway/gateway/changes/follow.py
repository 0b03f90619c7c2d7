"""What an open page is sent, for as long as its session lives (server-sent events, WHATWG HTML §9.2)."""

import asyncio
from collections.abc import AsyncIterator

from sqlalchemy.exc import SQLAlchemyError

from gateway.changes.streams import Stream
from gateway.sessions.desk import SessionDesk
from gateway.sessions.find import find

HEARTBEAT_SECONDS = 15
REST_SECONDS = 0.2
"""What changes within this time after a change is told once."""

ALIVE = b":\n\n"
CHANGED = b"event: changed\ndata: 1\n\n"
ENDED = b"event: ended\ndata: 1\n\n"


async def follow(desk: SessionDesk, cookie: str, stream: Stream) -> AsyncIterator[bytes]:
    """A comment at once and every fifteen seconds, `changed` when there is reason to ask again, `ended` at the end.

    Listening does not prolong the session.
    """
    yield ALIVE
    while not stream.is_closing:
        await stream.wait(HEARTBEAT_SECONDS)
        if stream.take_changes():
            yield CHANGED
            await asyncio.sleep(REST_SECONDS)
        elif stream.is_closing:
            return
        elif await _is_over(desk, cookie):
            yield ENDED
            return
        else:
            yield ALIVE


async def _is_over(desk: SessionDesk, cookie: str) -> bool:
    """Whether the session has ended; where that cannot be looked up, it has not."""
    try:
        return await find(desk, cookie, slide=False) is None
    except (SQLAlchemyError, OSError):
        return False
