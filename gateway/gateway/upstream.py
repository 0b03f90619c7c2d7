"""Calls to the services on behalf of whoever sits at the browser: for the gateway's own pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from fastapi import Request
from multidict import CIMultiDictProxy

from chassis.kernel.errors import Unavailable
from chassis.ops import context
from gateway.routes import route_of
from gateway.sessions.current import usable
from gateway.sessions.desk import SessionDesk
from gateway.sessions.session import GatewaySession


@dataclass(frozen=True, slots=True)
class UpstreamAnswer:
    """What a service said; `json` is None where it sent no JSON, `content` has the bytes."""

    status: int
    json: Any
    headers: CIMultiDictProxy[str]
    content: bytes = b""

    @property
    def is_success(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300


class Upstream:
    """The services' public API, called like any client would, with the session's token."""

    def __init__(self, client: aiohttp.ClientSession, desk: SessionDesk, services: Mapping[str, str]) -> None:
        self._client = client
        self._desk = desk
        self._services = services

    async def get(self, session: GatewaySession | None, path: str, **options: Any) -> UpstreamAnswer:
        """GET `path` (`/api/v1/…`); `params` and `headers` as in aiohttp."""
        return await self.request(session, "GET", path, **options)

    async def post(self, session: GatewaySession | None, path: str, **options: Any) -> UpstreamAnswer:
        """POST `json` to `path`."""
        return await self.request(session, "POST", path, **options)

    async def put(self, session: GatewaySession | None, path: str, **options: Any) -> UpstreamAnswer:
        """PUT `json` to `path`."""
        return await self.request(session, "PUT", path, **options)

    async def patch(self, session: GatewaySession | None, path: str, **options: Any) -> UpstreamAnswer:
        """PATCH `path` with `json`."""
        return await self.request(session, "PATCH", path, **options)

    async def delete(self, session: GatewaySession | None, path: str, **options: Any) -> UpstreamAnswer:
        """DELETE `path`."""
        return await self.request(session, "DELETE", path, **options)

    async def request(
        self,
        session: GatewaySession | None,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> UpstreamAnswer:
        """Any method. Raises `Unauthenticated` where the session has ended, `Unavailable` where nobody answers."""
        sent = {**self._identity_of_work(), **(headers or {})}
        if session is not None:
            sent["Authorization"] = f"Bearer {(await usable(self._desk, session)).access_token}"
        if json is not None:
            data = orjson.dumps(json)
            sent["Content-Type"] = "application/json"
        query = {name: str(value) for name, value in (params or {}).items() if value is not None}
        try:
            async with self._client.request(
                method, self._address(path), params=query, data=data, headers=sent, auto_decompress=True
            ) as answer:
                content = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable() from error
        return UpstreamAnswer(answer.status, _json_of(answer, content), answer.headers, content)

    def _address(self, path: str) -> str:
        route = route_of(path.partition("?")[0])
        if route is None:
            raise ValueError(f"No service answers {path}.")
        return f"{self._services[route.service]}{path}"

    def _identity_of_work(self) -> dict[str, str]:
        work = context.current()
        return {"X-Request-Id": work.request_id, "traceparent": work.traceparent, "Accept": "application/json"}


def upstream_of(request: Request) -> Upstream:
    """The process's client of the services."""
    return request.app.state.runtime.edges.upstream


def _json_of(answer: aiohttp.ClientResponse, content: bytes) -> Any:
    if not content or not answer.content_type.endswith("json"):
        return None
    return orjson.loads(content)
