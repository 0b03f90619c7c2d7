"""The shop on a real database and bus, with a market opened, a fresh one per module."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from chassis.runtime import Runtime
from shop.edges import Edges, open_edges
from shop.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.shop.builders import Customer, a_customer, open_market
from tests.shop.license_management import LicenseManagement


@asynccontextmanager
async def edges(runtime: Runtime) -> AsyncIterator[Edges]:
    """The shop's own edges, and a license management that the tests speak for."""
    async with open_edges(runtime) as opened:
        yield replace(opened, seat_holders=LicenseManagement())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """The running shop."""
    data_dir: Path = tmp_path_factory.mktemp("shop")
    shop_alone = replace(service, edges=edges)
    async with running(shop_alone, databases, nats_server, platform={"data_dir": data_dir}) as started:
        await open_market(started)
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def customer(shop: RunningService) -> Customer:
    """A new customer in Germany."""
    return await a_customer(shop)
