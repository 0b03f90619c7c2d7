"""The portal's pages before a browser, with somebody signed in and services that answer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import aiohttp
import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fastapi import FastAPI

from chassis.kernel.clock import FrozenClock
from chassis.ops.settings import PlatformSettings
from gateway.pages.router import ROUTERS
from gateway.sessions.current import session_of, signed_in, watching
from gateway.sessions.session import GatewaySession
from gateway.upstream import Upstream
from tests.gateway.pages.services import Services

EVERY_SCOPE = (
    "catalog:read orders:read orders:write payment_methods:write licenses:read licenses:write "
    "members:read members:write operator:read operator:write"
)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def a_session(scopes: str = EVERY_SCOPE) -> GatewaySession:
    """Somebody signed in."""
    later = datetime.now(UTC) + timedelta(hours=1)
    return GatewaySession(
        key="key",
        session_id="ses_1",
        account_id="acc_1",
        organization_id="org_1",
        roles=frozenset({"owner"}),
        scopes=frozenset(scopes.split()),
        email="anna@muster.example",
        name="Anna Muster",
        locale="de",
        access_token="token",
        access_expires_at=later,
        created_at=datetime.now(UTC),
        used_at=datetime.now(UTC),
        idle=timedelta(hours=2),
        expires_at=later,
    )


class Portal:
    """The pages as one visitor sees them."""

    def __init__(self, app: FastAPI, browser: httpx.AsyncClient, services: Services) -> None:
        self._app = app
        self.browser = browser
        self.services = services

    def sign_in(self, scopes: str = EVERY_SCOPE, *, organization: str | None = "org_1") -> None:
        """Somebody with these rights sits at the browser."""
        session = replace(a_session(scopes), organization_id=organization)
        for dependency in (session_of, signed_in, watching):
            self._app.dependency_overrides[dependency] = lambda: session

    def sign_out(self) -> None:
        """Nobody is signed in: the real dependencies find no cookie."""
        self._app.dependency_overrides.clear()


class House:
    """The application with its services outside, built once; what the services say is new for every test."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.services = Services()

    async def handle(self, request: web.Request) -> web.Response:
        """Whatever the services of the present test answer."""
        return await self.services.handle(request)


@pytest.fixture(scope="session")
async def house() -> AsyncIterator[House]:
    app = FastAPI()
    built = House(app)
    outside = web.Application(client_max_size=50 * 1024 * 1024)
    outside.router.add_route("*", "/{path:.*}", built.handle)
    for router in ROUTERS:
        app.include_router(router)
    async with TestServer(outside) as server, aiohttp.ClientSession(skip_auto_headers=["Content-Type"]) as client:
        names = ("identity", "shop", "licensing", "notifications")
        desk = SimpleNamespace(cookie_name="gw")
        upstream = Upstream(client, desk, dict.fromkeys(names, str(server.make_url("")).rstrip("/")))
        app.state.runtime = SimpleNamespace(
            platform=PlatformSettings(public_url="http://localhost:8080"),
            clock=FrozenClock(NOW),
            edges=SimpleNamespace(upstream=upstream, desk=desk),
        )
        yield built


@pytest.fixture
async def portal(house: House) -> AsyncIterator[Portal]:
    house.services = Services()
    transport = httpx.ASGITransport(house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as browser:
        visitor = Portal(house.app, browser, house.services)
        visitor.sign_in()
        yield visitor
