"""The shop on a real database and bus, with a market opened, a fresh one per module."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from shop.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.shop.builders import Customer, a_customer, open_market


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """The running shop."""
    data_dir: Path = tmp_path_factory.mktemp("shop")
    async with running(service, databases, nats_server, platform={"data_dir": data_dir}) as started:
        await open_market(started)
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def customer(shop: RunningService) -> Customer:
    """A new customer in Germany."""
    return await a_customer(shop)
