"""The outermost layer: request id and trace in and out, one log line and one measurement per request."""

import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.ops import context, metrics
from chassis.ops.logging import get_logger

log = get_logger(__name__)

QUIET_PATHS = {"/healthz", "/readyz", "/metrics"}


class RequestContext:
    """ASGI middleware that opens the work context of a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside its context."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value for name, value in scope["headers"] if name in (b"x-request-id", b"traceparent")}
        work = context.begin(
            headers.get(b"x-request-id", b"").decode("latin-1"),
            headers.get(b"traceparent", b"").decode("latin-1"),
        )
        work.actor = "anonymous"
        started_at = time.perf_counter()
        status = 500

        async def send_with_ids(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", work.request_id.encode()),
                    (b"traceparent", work.traceparent.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_with_ids)
        finally:
            _note(scope, status, time.perf_counter() - started_at)


async def note_route(request: Request) -> None:
    """A dependency of every route: remember its template, so that measurements do not multiply with ids."""
    template = request.url.path
    for name, value in request.path_params.items():
        template = template.replace(f"/{value}", f"/{{{name}}}", 1)
    context.current().route = template


def _note(scope: Scope, status: int, seconds: float) -> None:
    path: str = scope["path"]
    if path in QUIET_PATHS:
        return
    template = context.current().route
    metrics.http_requests.labels(scope["method"], template, str(status)).observe(seconds)
    log.info(
        "http.request",
        method=scope["method"],
        route=template or "unknown",
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )
