"""The shop and licensing together: a smaller quantity asks which seats to give up, and takes those at the renewal."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from chassis.auth.clients import ServiceClient
from chassis.kernel.clock import FrozenClock
from chassis.runtime import Runtime
from licensing.main import service as licensing_service
from shop.edges import Edges, open_edges
from shop.main import service as shop_service
from shop.seats.holders import SeatHolders
from shop.seats.licensing import LicensingSeatHolders
from tests.harness.eventually import eventually
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.harness.tokens import ISSUER, access_token
from tests.shop.builders import Customer, a_customer, catch_up, open_market
from tests.shop.license_management import LicenseManagement

NOW = datetime(2027, 2, 5, 9, 0, tzinfo=UTC)
HOLDERS = ("a@x.example", "b@x.example", "z@x.example")


@dataclass
class Both:
    """Two services in one process, on one bus."""

    shop: RunningService
    licensing: RunningService

    def manager(self, customer: Customer) -> httpx.AsyncClient:
        """A license manager of the customer."""
        return self.licensing.client(scopes="licenses:read licenses:write", org=customer.id)

    async def license_of(self, customer: Customer) -> dict[str, Any]:
        """The customer's license, once licensing has heard of the purchase."""
        async with self.manager(customer) as client:

            async def only() -> Any:
                return (await client.get("/api/v1/licenses")).json()["items"]

            return dict((await eventually(only))[0])

    async def held(self, customer: Customer, *emails: str) -> tuple[dict[str, Any], dict[str, str]]:
        """A monthly subscription whose seats are all held by `emails`, the buyer's first one too; assignments by address."""
        subscription = await customer.subscribe(interval="month", quantity=len(emails))
        license = await self.license_of(customer)
        path = f"/api/v1/licenses/{license['id']}/assignments"
        async with self.manager(customer) as client:
            for automatic in (await client.get(path)).json()["items"]:
                await client.post(f"/api/v1/assignments/{automatic['id']}/deactivate")
            await client.post(path, json={"emails": list(emails)})
            items = (await client.get(path, params={"when": "current"})).json()["items"]
        return subscription, {item["email"]: item["id"] for item in items}


def inner_network(licensing: RunningService) -> httpx.AsyncClient:
    """Where the shop finds licensing, and a token for it."""

    def token(_: httpx.Request) -> httpx.Response:
        granted = access_token(scopes="internal", subject="shop", client_id="shop")
        return httpx.Response(200, json={"access_token": granted, "expires_in": 600})

    places = {
        "http://identity": httpx.MockTransport(token),
        "http://licensing": httpx.ASGITransport(licensing.app, raise_app_exceptions=False),
    }
    return httpx.AsyncClient(mounts=places)


def asking(http: httpx.AsyncClient, licensing_url: str = "http://licensing") -> LicensingSeatHolders:
    """The shop's way to licensing."""
    clients = ServiceClient(
        http, token_url="http://identity/token", client_id="shop", client_secret="secret", audience=f"{ISSUER}/api"
    )
    return LicensingSeatHolders(clients, licensing_url)


@pytest.fixture(scope="module")
async def both(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Both]:
    """The shop, which asks the licensing beside it."""
    clock, platform = FrozenClock(NOW), {"data_dir": tmp_path_factory.mktemp("both")}
    async with AsyncExitStack() as stack:
        licensing = await stack.enter_async_context(
            running(licensing_service, databases, nats_server, clock=clock, platform=platform)
        )
        http = await stack.enter_async_context(inner_network(licensing))

        @asynccontextmanager
        async def edges(runtime: Runtime) -> AsyncIterator[Edges]:
            async with open_edges(runtime) as opened:
                yield replace(opened, seat_holders=asking(http))

        shop = await stack.enter_async_context(
            running(
                replace(shop_service, edges=edges),
                databases,
                nats_server,
                clock=clock,
                platform=platform,
                fresh_bus=False,
            )
        )
        await open_market(shop)
        yield Both(shop, licensing)


async def test_the_buyer_is_asked_and_only_those_named_lose_their_seat_at_the_renewal(both: Both) -> None:
    customer = await a_customer(both.shop)
    subscription, ids = await both.held(customer, "adam@x.example", "eve@x.example", "zoe@x.example")
    path = f"/api/v1/subscriptions/{subscription['id']}/change-quantity"

    refused = await customer.buyer.post(path, json={"quantity": 2})
    foreign = await customer.buyer.post(path, json={"quantity": 2, "release": ["asg_of_somebody_else"]})
    planned = await customer.buyer.post(path, json={"quantity": 2, "release": [ids["zoe@x.example"]]})
    before = await both.license_of(customer)
    both.shop.clock.advance(timedelta(days=32))
    await catch_up(both.shop)

    assert (refused.status_code, foreign.status_code, planned.status_code) == (409, 422, 200)
    assert refused.json()["to_release"] == 1
    assert {candidate["email"]: candidate["id"] for candidate in refused.json()["candidates"]} == ids
    assert (before["quantity"], before["assigned"]) == (3, 3)

    async def renewed() -> bool:
        license = await both.license_of(customer)
        return (license["quantity"], license["assigned"], license["over_quantity"]) == (2, 2, 0)

    await eventually(renewed)
    async with both.manager(customer) as client:
        listed = (await client.get("/api/v1/assignments", params={"status": "active"})).json()["items"]
    assert {item["email"] for item in listed} == {"adam@x.example", "eve@x.example"}


@pytest.fixture(params=["licensing", "the double of it that the shop is tested with"])
async def seated(request: pytest.FixtureRequest, both: Both) -> AsyncIterator[tuple[SeatHolders, str, list[str]]]:
    """Three seats held by HOLDERS: whom to ask, about which subscription, and the assignments in that order."""
    if request.param != "licensing":
        management = LicenseManagement()
        yield management, "sub_1", management.seat("sub_1", *HOLDERS)
        return
    customer = await a_customer(both.shop)
    subscription, ids = await both.held(customer, *HOLDERS)
    async with inner_network(both.licensing) as http:
        yield asking(http), subscription["id"], [ids[name] for name in HOLDERS]


async def test_both_answer_the_shop_alike(seated: tuple[SeatHolders, str, list[str]]) -> None:
    holders, subscription_id, (a, b, z) = seated

    fits = await holders.fit(subscription_id, quantity=3, release=[])
    asked = await holders.fit(subscription_id, quantity=1, release=[])
    named = await holders.fit(subscription_id, quantity=1, release=[b])
    enough = await holders.fit(subscription_id, quantity=1, release=[z, a])
    invalid = await holders.fit(subscription_id, quantity=2, release=[z, "asg_other"])
    unknown = await holders.fit("sub_unheard_of", quantity=1, release=["asg_other"])

    assert (fits.needed, fits.seats_in_use, list(fits.candidates)) == (0, 3, [])
    assert (asked.needed, [candidate.id for candidate in asked.candidates]) == (2, [a, b, z])
    assert asked.candidates[0].email == "a@x.example"
    assert asked.candidates[0].last_day is None
    assert (named.needed, [candidate.id for candidate in named.candidates]) == (1, [a, z])
    assert (enough.needed, enough.seats_in_use, list(enough.candidates)) == (0, 1, [])
    assert (invalid.needed, list(invalid.invalid_release)) == (0, ["asg_other"])
    assert (unknown.needed, list(unknown.invalid_release)) == (0, [])
