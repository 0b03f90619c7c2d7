"""Routes found by one look into a table: the protocol's addresses have no parameters, and are asked for often.

A hundred routes tried one after the other cost more than many of these endpoints themselves.
"""

from collections.abc import Awaitable, Callable, Container, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound, request_response
from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


READABLE = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "WWW-Authenticate, Retry-After"}
PREFLIGHT = {
    **READABLE,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP",
    "Access-Control-Max-Age": "3600",
}


class ExactRoute:
    """One address; what measurements call it is its `path`.

    Single-page applications on other origins may read the answers where no cookie is looked at (`is_open`).
    """

    def __init__(self, path: str, methods: Mapping[str, Endpoint], *, is_open: bool) -> None:
        self.path = path
        self._is_open = is_open
        self._methods = {**methods, **({"HEAD": methods["GET"]} if "GET" in methods else {})}
        self.app = request_response(self._dispatch)

    def offers(self, method: str) -> bool:
        """Whether there is an answer to `method`."""
        return method in self._methods or (self._is_open and method == "OPTIONS")

    async def _dispatch(self, request: Request) -> Response:
        if self._is_open and request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        response = await self._answer(request)
        if self._is_open:
            response.headers.update(READABLE)
        return response

    async def _answer(self, request: Request) -> Response:
        endpoint = self._methods.get(request.method)
        if endpoint is None:
            raise HTTPException(405)
        return await endpoint(request)


class ExactRoutes(BaseRoute):
    """A table of routes that stands in the list of an application's routes."""

    def __init__(self, endpoints: Mapping[str, Mapping[str, Endpoint]], *, is_open: Container[str]) -> None:
        self._routes = {path: ExactRoute(path, methods, is_open=path in is_open) for path, methods in endpoints.items()}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the address is in the table, and takes the method."""
        route = self._routes.get(scope["path"]) if scope["type"] == "http" else None
        if route is None:
            return Match.NONE, {}
        return (Match.FULL if route.offers(scope["method"]) else Match.PARTIAL), {"route": route}

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        """These addresses have no names."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        await scope["route"].app(scope, receive, send)
