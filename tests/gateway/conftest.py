"""The gateway on a real database and bus, with a party outside it that stands for the provider and the services."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from chassis.kernel.ids import new_id
from gateway.main import service
from tests.gateway.party import Party, Person, running_party
from tests.harness.eventually import eventually
from tests.harness.servers import Databases, LocalNats, free_port
from tests.harness.service import RunningService, running
from tests.harness.tokens import ISSUER


@pytest.fixture(scope="session")
def party() -> Iterator[Party]:
    """The other side of the gateway."""
    with running_party() as other_side:
        yield other_side


@pytest.fixture(autouse=True)
def well_behaved_again(party: Party) -> None:
    """Every test finds the party with its knobs at rest."""
    party.calls.clear()
    party.codes.clear()
    party.is_down = False
    party.is_unready = False
    party.documents.clear()
    party.refresh_seconds = 0.0
    party.refreshes = 0
    party.largest_piece = 0
    party.ended_sessions.clear()
    party.revoked.clear()


@pytest.fixture(scope="session")
async def gateway(
    databases: Databases, nats_server: LocalNats, party: Party, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """The gateway under test."""
    async with running(
        service, databases, nats_server, platform=platform_of(party, tmp_path_factory.mktemp("gw"))
    ) as s:
        yield s


def platform_of(party: Party, directory: Path) -> dict[str, Any]:
    """All services are the party."""
    names = ("identity_url", "shop_url", "licensing_url", "notifications_url")
    return {"data_dir": directory, **dict.fromkeys(names, party.url)}


@pytest.fixture
def anna() -> Person:
    """An owner of one organization and a member of another."""
    return Person(
        account_id=new_id("acc"),
        email="anna@example.com",
        organizations={"org_first": ("owner",), "org_second": ("member",)},
    )


@pytest.fixture
async def browser(gateway: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with an empty cookie jar."""
    async with gateway.anonymous() as client:
        yield client


@pytest.fixture
async def signed_in(browser: httpx.AsyncClient, party: Party, anna: Person) -> httpx.AsyncClient:
    """Anna's browser."""
    await sign_in(browser, party, anna)
    return browser


async def sign_in(browser: httpx.AsyncClient, party: Party, person: Person, return_to: str = "/") -> httpx.Response:
    """The whole way through the provider; the last answer."""
    begun = await browser.get("/bff/login", params={"return_to": return_to})
    assert begun.status_code == 303, begun.text
    back = await browser.get(party.authorize(begun.headers["location"], person))
    assert back.status_code == 303, back.text
    assert browser.cookies.get("gw")
    return back


OWN_PAGE = {"X-CSRF": "1", "Origin": ISSUER, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="session")
async def public(gateway: RunningService) -> AsyncIterator[str]:
    """The gateway's address on a real socket, served as in production."""
    port = free_port()
    config = uvicorn.Config(
        gateway.app, port=port, lifespan="off", http="httptools", server_header=False, log_level="error"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield f"127.0.0.1:{port}"
    server.should_exit = True
    await serving
