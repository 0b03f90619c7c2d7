"""The front door: every request passes here, in a fixed order of checks, and either goes on to a service or stays."""

import time

import orjson
from fastapi import Request
from multidict import CIMultiDict
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.http.problems import MEDIA_TYPE, headers_of, problem_body
from chassis.kernel.errors import BusinessError, NotFound
from chassis.ops import context, metrics
from chassis.ops.logging import get_logger
from chassis.pages.routes import refusal, site_for
from gateway.proxy.bodies import ClientGone, too_large
from gateway.proxy.forward import Passage
from gateway.proxy.hall import Hall
from gateway.proxy.incoming import Incoming, read
from gateway.proxy.outgoing import protection
from gateway.routes import API, Route

log = get_logger(__name__)

INNER_ONLY = ("/metrics", "/internal")
COSTLY = ("/bff/login", "/bff/callback", "/bff/backchannel")
"""What writes or checks signatures for anybody who asks."""

MAILING = frozenset({"/recover", "/register", f"{API}/registrations"})
"""What sends a mail to an address that anybody may type in."""


class FrontDoor:
    """Pure ASGI in front of the gateway's own application; bodies are never parsed here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._hall: Hall | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._refuse_other(scope, receive, send)
            return
        started_at = time.perf_counter()
        hall = self._hall or self._enter(scope)
        route: Route | None = None
        request: Incoming | None = None
        try:
            request = read(scope)
            if request.method == "POST" and request.path in MAILING:
                hall.limits.check_mailing(request.peer)
            route = hall.route_of(request.path)
            if route is None:
                await self._stay(hall, request, scope, receive, send)
                return
            status = await self._pass_on(hall, route, request, receive, send)
        except BusinessError as error:
            status = error.status
            await _refuse(hall, error, scope, receive, send)
        except ClientGone:
            status = 499
        _note(route, scope["method"], status, time.perf_counter() - started_at)

    def _enter(self, scope: Scope) -> Hall:
        self._hall = Hall.of(scope["app"].state.runtime)
        return self._hall

    async def _refuse_other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """No service speaks WebSocket; lifespan belongs to the application."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)

    async def _pass_on(self, hall: Hall, route: Route, request: Incoming, receive: Receive, send: Send) -> int:
        headers = CIMultiDict([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers])
        headers.update(await _credentials(hall, route, request))
        if request.content_length is not None:
            headers["Content-Length"] = str(request.content_length)
        headers["Host"] = hall.public_host
        headers["X-Forwarded-For"] = request.peer
        headers["X-Forwarded-Host"] = hall.public_host
        headers["X-Forwarded-Proto"] = hall.public_scheme
        headers["X-Request-Id"] = request.work.request_id
        headers["traceparent"] = request.work.traceparent
        passage = Passage(
            request=request,
            service=hall.services[route.service],
            headers=headers,
            most_bytes=hall.settings.max_import_bytes if route.is_upload else hall.settings.max_body_bytes,
            may_set_cookies=route.kind == "identity",
            is_private=route.kind != "identity",
            is_secure=hall.is_secure,
        )
        return await hall.forwarder.forward(passage, receive, send)

    async def _stay(self, hall: Hall, request: Incoming, scope: Scope, receive: Receive, send: Send) -> None:
        """The gateway's own pages, `/bff`, documents. Its API parts get the session's token like a service would."""
        if request.path.startswith(INNER_ONLY):
            raise NotFound("There is nothing at this address.")
        if (request.content_length or 0) > hall.settings.max_body_bytes:
            raise too_large(hall.settings.max_body_bytes)
        if request.path.startswith(COSTLY):
            hall.limits.check_visitor(request.peer)
        headers = [*request.headers, (b"x-request-id", request.work.request_id.encode())]
        headers.append((b"traceparent", request.work.traceparent.encode()))
        kept = (b"host", b"cookie", b"content-length", b"transfer-encoding", b"x-csrf", b"authorization")
        headers += [(name, request.seen[name]) for name in kept if name in request.seen]
        if request.path.startswith(API) and b"authorization" not in request.seen:
            authorization = await hall.credentials.authorization_for(request)
            headers += [(b"authorization", authorization.encode())] if authorization else []
        limited = scope | {"headers": headers}
        await self._app(limited, _capped(receive, hall), _protected(send, hall.is_secure))


async def _credentials(hall: Hall, route: Route, request: Incoming) -> dict[str, str]:
    """How much of the caller goes on to the service."""
    if route.kind == "api":
        authorization = await hall.credentials.authorization_for(request)
        return {} if authorization is None else {"Authorization": authorization}
    hall.limits.check_visitor(request.peer)
    if route.kind == "stranger":
        return {}
    credentials = {"Authorization": request.text(b"authorization"), "Cookie": hall.cookies_for_identity(request)}
    return {name: value for name, value in credentials.items() if value}


def _capped(receive: Receive, hall: Hall) -> Receive:
    """A body that ends, as if the caller had hung up, where it is larger than is taken."""
    left = hall.settings.max_body_bytes

    async def capped() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return capped


def _protected(send: Send, is_secure: bool) -> Send:
    """Adds the protecting headers that the answer does not carry yet."""

    async def protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name.lower() for name, _ in message["headers"]}
            missing = [header for header in protection(is_secure) if header[0] not in names]
            message["headers"] = [*message["headers"], *missing]
        await send(message)

    return protected


async def _refuse(hall: Hall, error: BusinessError, scope: Scope, receive: Receive, send: Send) -> None:
    """A problem for programs, a page for people."""
    accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    if b"text/html" in accept and not scope["path"].startswith("/api/"):
        request = Request(scope, receive)
        response = refusal(site_for(request, "gateway.pages"), request, error)
        await response(scope, receive, send)
        return
    body = orjson.dumps(problem_body(hall.public_url, error))
    work = context.current()
    ids = ((b"x-request-id", work.request_id.encode()), (b"traceparent", work.traceparent.encode()))
    headers = [(name.lower().encode(), value.encode()) for name, value in headers_of(error).items()]
    headers += [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode()), *ids]
    headers += protection(hall.is_secure)
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _note(route: Route | None, method: str, status: int, seconds: float) -> None:
    service = route.service if route else "gateway"
    metrics.http_requests.labels(method, f"proxy:{service}", str(status)).observe(seconds)
    if status >= 500:
        log.warning(
            "proxy.request", target=service, method=method, status=status, milliseconds=round(seconds * 1000, 1)
        )
