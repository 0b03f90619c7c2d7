"""The outermost layer: request id and trace in and out, one log line and one measurement per request."""

import time
from functools import lru_cache
from typing import Any

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
        request_id, traceparent = _ids_in(scope)
        work = context.begin(request_id, traceparent, actor="anonymous")
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


def _ids_in(scope: Scope) -> tuple[str, str]:
    request_id = traceparent = b""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            request_id = value
        elif name == b"traceparent":
            traceparent = value
    return request_id.decode("latin-1"), traceparent.decode("latin-1")


def _note(scope: Scope, status: int, seconds: float) -> None:
    if scope["path"] in QUIET_PATHS:
        return
    route = template_of(scope)
    _observer(scope["method"], route, status).observe(seconds)
    log.info(
        "http.request",
        method=scope["method"],
        route=route or "unknown",
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )


def template_of(scope: Scope) -> str:
    """The path with the names of its parameters, so that measurements do not multiply with ids; empty: no route."""
    if "endpoint" not in scope:
        return ""
    template: str = scope["path"]
    for name, value in scope["path_params"].items():
        template = template.replace(f"/{value}", f"/{{{name}}}", 1)
    return template


@lru_cache(maxsize=4096)
def _observer(method: str, route: str, status: int) -> Any:
    """The histogram of one kind of answer: looking it up by its labels costs more than counting."""
    return metrics.http_requests.labels(method, route, str(status))
