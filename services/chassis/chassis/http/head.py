"""HEAD wherever there is a GET: the same status and headers, and no content (RFC 9110, section 9.3.2).

The route answers as to a GET, so that the two can never differ. The content is dropped here, and the answer ends with
its headers: an endless stream is told that the caller has gone.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OF_THE_ROUTE = ("endpoint", "path_params", "route")


class Head:
    """ASGI middleware that answers HEAD by the routes of GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HEAD passes untouched."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        as_get = {**scope, "method": "GET"}

        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        try:
            await self._app(as_get, receive, send_headers)
        finally:
            scope |= {name: as_get[name] for name in OF_THE_ROUTE if name in as_get}
