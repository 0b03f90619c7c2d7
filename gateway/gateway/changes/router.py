"""`/portal/changes`: the portal's open page listens here."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.changes.follow import follow
from gateway.changes.streams import Streams
from gateway.sessions.current import desk_of, watching
from gateway.sessions.session import GatewaySession

router = APIRouter()

TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
"""Nothing between us and the browser may keep, compress or collect it (the second is what nginx reads)."""


@router.get("/portal/changes")
async def listen_for_changes(request: Request, session: Annotated[GatewaySession, Depends(watching)]) -> Response:
    """Tell the visitor's page when its tiles may have changed, and when the session ended."""
    desk = desk_of(request)
    streams: Streams = request.app.state.runtime.edges.streams
    stream = streams.open(session)
    return _Told(
        follow(desk, request.cookies[desk.cookie_name], stream),
        on_end=partial(streams.forget, stream),
        media_type=TYPE,
        headers=HEADERS,
    )


class _Told(StreamingResponse):
    """A stream that is forgotten when it ends, however it does."""

    def __init__(self, pieces: AsyncIterator[bytes], *, on_end: Callable[[], None], **options: Any) -> None:
        super().__init__(pieces, **options)
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._on_end()
