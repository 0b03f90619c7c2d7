"""The few routes that are asked all the time are answered before the framework looks for a route.

Such a route is declared and documented like any other, with `route_class=directly(handler)`; `handler` reads the
request itself. What it answers and refuses is the same on both ways; only the way is shorter.
"""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class DirectRoute(APIRoute):
    """A documented route that is answered by a handler of the whole request."""

    handler: Handler

    def get_route_handler(self) -> Handler:
        """What runs when the request came the long way."""
        return self.handler


def directly(handler: Handler) -> type[DirectRoute]:
    """The class of routes that document the function they decorate and run `handler` instead."""
    return type("DirectRoute", (DirectRoute,), {"handler": staticmethod(handler)})


class Shortcuts:
    """ASGI middleware that answers the direct routes with a fixed path."""

    def __init__(self, app: ASGIApp, *, routers: Iterable[APIRouter], prefix: str) -> None:
        self._app = app
        self._handlers: dict[tuple[str, str], Handler] = {
            (method, prefix + route.path): route.handler
            for router in routers
            for route in router.routes
            if isinstance(route, DirectRoute) and "{" not in route.path
            for method in route.methods
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, or pass on."""
        handler = self._handlers.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if handler is None:
            await self._app(scope, receive, send)
            return
        scope |= {"endpoint": handler, "path_params": {}}
        request = Request(scope, receive)
        try:
            response = await handler(request)
        except Exception as error:
            response = await _refusal(request, error)
        await response(scope, receive, send)


async def _refusal(request: Request, error: Exception) -> Response:
    """What the application answers to this error; one that nobody foresaw goes on to where bugs are told."""
    known = request.app.exception_handlers
    answer = next((known[kind] for kind in type(error).__mro__ if kind in known and kind is not Exception), None)
    if answer is None:
        raise error
    return await answer(request, error)
