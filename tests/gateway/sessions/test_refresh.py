"""Refreshing access tokens: once, whoever asks; a provider that is away ends nobody's session."""

import asyncio
import secrets
from dataclasses import replace

import httpx
import pytest

from chassis.db.transaction import Database
from chassis.kernel.errors import Unavailable
from gateway.limits.limits import Limits
from gateway.main import service
from gateway.proxy.credentials import Credentials
from gateway.proxy.incoming import read
from tests.gateway.conftest import sign_in
from tests.gateway.party import Party, Person
from tests.harness.servers import free_port
from tests.harness.service import RunningService
from tests.harness.tokens import ISSUER


@pytest.fixture
async def short(browser: httpx.AsyncClient, party: Party, anna: Person) -> httpx.AsyncClient:
    """A browser whose access token needs a refresh at once, while it still counts for some seconds."""
    anna.token_seconds = 20
    await sign_in(browser, party, anna)
    anna.token_seconds = 300
    return browser


async def test_many_calls_at_once_refresh_once(short: httpx.AsyncClient, party: Party) -> None:
    party.refresh_seconds = 0.2

    answers = await asyncio.gather(*(short.get("/api/v1/products") for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert party.refreshes == 1


async def test_the_new_token_is_used_from_then_on(short: httpx.AsyncClient, party: Party) -> None:
    await short.get("/api/v1/products")
    first = dict(party.last_call()["headers"])["authorization"]
    await short.get("/api/v1/products")

    assert dict(party.last_call()["headers"])["authorization"] == first
    assert party.refreshes == 1


async def test_a_provider_that_is_away_ends_no_session(short: httpx.AsyncClient, party: Party) -> None:
    party.is_down = True
    while_away = await short.get("/api/v1/products")
    party.is_down = False

    assert while_away.status_code == 200
    assert (await short.get("/bff/user")).status_code == 200


async def test_without_provider_and_with_a_token_that_is_over_a_call_is_put_off(
    browser: httpx.AsyncClient, party: Party, anna: Person
) -> None:
    anna.token_seconds = -1
    await sign_in(browser, party, anna)
    party.is_down = True

    answer = await browser.get("/api/v1/products")

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert (await browser.get("/bff/user")).status_code == 200


async def test_without_its_database_the_gateway_puts_sessions_off_and_serves_everybody_else(
    gateway: RunningService,
) -> None:
    own = gateway.runtime.edges.desk
    nowhere = f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/nothing"
    database = Database(nowhere, metadata=service.metadata, service="gateway", clock=gateway.clock)
    credentials = Credentials(replace(own, database=database), Limits(own.settings, is_production=False), ISSUER)
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/products",
        "query_string": b"",
        "headers": [(b"cookie", f"gw={secrets.token_hex()}".encode())],
    }

    with pytest.raises(Unavailable):
        await credentials.authorization_for(read(scope))
    assert await credentials.authorization_for(read(scope | {"headers": []})) is None


async def test_a_refused_refresh_ends_the_session(short: httpx.AsyncClient, party: Party, anna: Person) -> None:
    for grant in party.refresh_tokens.values():
        grant.is_ended = True

    await short.get("/api/v1/products")

    assert "authorization" not in dict(party.last_call()["headers"])
    assert (await short.get("/bff/user")).status_code == 401
