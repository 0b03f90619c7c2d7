"""The archive of the old shop and the customer's own transfer, as the customer sees them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from chassis.runtime import Runtime
from shop.edges import Edges, open_edges
from shop.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.shop.transfers.conftest import fill_catalogue
from tests.shop.transfers.steps import a_wave, at, post, transfer_of, upload


class Counted:
    """The license management as the archive meets it: it counts what is used up, or does not answer."""

    def __init__(self) -> None:
        self.left: dict[str, int] = {}

    async def of(self, organization_id: str) -> dict[str, int]:
        """Units left by legacy ids."""
        return self.left


@asynccontextmanager
async def edges(runtime: Runtime) -> AsyncIterator[Edges]:
    """The shop's own edges, and a license management that the tests speak for."""
    async with open_edges(runtime) as opened:
        yield replace(opened, units_left=Counted())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """A shop to which two customers have moved."""
    platform = {"data_dir": tmp_path_factory.mktemp("shop")}
    async with running(replace(service, edges=edges), databases, nats_server, platform=platform) as started:
        await fill_catalogue(started)
        await upload(started)
        wave = await a_wave(started, ["C10019", "C10027"])
        await post(started, f"/transfer-waves/{wave['id']}/schedule")
        await at(started, datetime(2027, 2, 23, 12, 0, tzinfo=UTC))
        started.organizations = {  # type: ignore[attr-defined]
            known: (await transfer_of(started, wave["id"], known))["organization_id"] for known in ("C10019", "C10027")
        }
        yield started


def buyer(shop: RunningService, legacy_id: str):
    """The buyer of a moved customer."""
    organization = shop.organizations[legacy_id]  # type: ignore[attr-defined]
    return shop.client(scopes="orders:read", org=organization, roles=("owner",))


async def test_every_order_of_the_old_shop_is_there_the_newest_first(shop: RunningService):
    async with buyer(shop, "C10019") as caller:
        first = (await caller.get("/api/v1/legacy-orders", params={"limit": 1})).json()
        rest = (await caller.get("/api/v1/legacy-orders", params={"cursor": first["next_cursor"]})).json()

    orders = [*first["items"], *rest["items"]]
    assert [order["number"] for order in orders] == sorted(
        (order["number"] for order in orders), key=lambda n: next(o["placed_at"] for o in orders if o["number"] == n),
        reverse=True,
    )  # fmt: skip
    moved = {order["number"]: order["is_transferred"] for order in orders}
    assert sum(moved.values()) == 1
    assert all(order["order_id"] for order in orders if order["is_transferred"])


async def test_the_archive_is_searched_by_number_product_and_year(shop: RunningService):
    async with buyer(shop, "C10019") as caller:

        async def found(**params: str) -> set[str]:
            page = (await caller.get("/api/v1/legacy-orders", params=params)).json()
            return {order["id"] for order in page["items"]}

        everything = await found()
        by_product = await found(search="vin-lookup")
        by_number = await found(search="web-3000041")
        by_year = await found(year="2025")
        by_status = await found(status="cancelled")

    assert by_number == {"O3000041"}
    assert by_product < everything
    assert by_year == {"O3000039"}
    assert by_status <= everything


async def test_one_off_licenses_tell_until_when_or_how_many_units_are_left(shop: RunningService):
    async with buyer(shop, "C10027") as caller:
        overview = (await caller.get("/api/v1/transfer")).json()

    one_offs = {s["legacy_id"]: s for s in overview["stayed"] if s["kind"] == "one_off_license"}
    assert (one_offs["L50003"]["units_left"], one_offs["L50004"]["units_left"]) == (10, 0)
    assert {s["number"] for s in overview["subscriptions"]} == {
        "S-2026-200055", "S-2026-200056", "S-2027-200057",
    }  # fmt: skip
    assert (overview["orders_moved"], overview["seats_waiting"]) == (6, 0)


async def test_units_used_here_are_gone_from_the_archive_and_from_what_stayed(shop: RunningService):
    counted: Counted = shop.runtime.edges.units_left
    counted.left = {"L50003": 0}
    async with buyer(shop, "C10027") as caller:
        overview = (await caller.get("/api/v1/transfer")).json()
        orders = (await caller.get("/api/v1/legacy-orders", params={"limit": 200})).json()["items"]
    counted.left = {}

    assert {s["legacy_id"]: s["units_left"] for s in overview["stayed"] if s["kind"] == "one_off_license"} == {
        "L50003": 0, "L50004": 0,
    }  # fmt: skip
    found = [line["one_off_license"] for order in orders for line in order["lines"] if line["one_off_license"]]
    assert {(one["legacy_id"], one["units_left"], one["has_ended"]) for one in found} >= {("L50003", 0, True)}


async def test_what_stayed_is_told_with_the_reason_and_the_last_day(shop: RunningService):
    async with buyer(shop, "C10019") as caller:
        overview = (await caller.get("/api/v1/transfer")).json()

    stayed = {(s["kind"], s["legacy_id"]): (s["code"], s["until"]) for s in overview["stayed"]}
    assert stayed[("subscription", "S200037")] == ("not_auto_renewing", "2027-06-12")
    assert stayed[("subscription", "S200038")] == ("terminated", "2026-04-07")
    assert stayed[("one_off_license", "L50001")] == ("one_off", "2027-09-09")


async def test_nobody_sees_another_organizations_archive(shop: RunningService):
    async with buyer(shop, "C10019") as caller:
        assert (await caller.get("/api/v1/legacy-orders/O3000041")).status_code == 200
        assert (await caller.get("/api/v1/legacy-orders/O3000066")).status_code == 404
        assert (await caller.get("/api/v1/legacy-orders/unknown")).status_code == 404
    async with shop.client(scopes="orders:read", org="org_somebody_else") as stranger:
        for path in ("/legacy-orders", "/legacy-orders/O3000041", "/transfer"):
            assert (await stranger.get(f"/api/v1{path}")).status_code == 404
    async with shop.anonymous() as nobody, shop.client(scopes="licenses:read", org="org_x") as manager:
        assert (await nobody.get("/api/v1/transfer")).status_code == 401
        assert (await manager.get("/api/v1/legacy-orders")).status_code == 403
