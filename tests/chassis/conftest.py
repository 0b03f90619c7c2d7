"""The sample service, fresh per module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.chassis.sample.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sample(databases: Databases, nats_server: LocalNats) -> AsyncIterator[RunningService]:
    """The sample service, running."""
    async with running(service, databases, nats_server) as started:
        yield started
