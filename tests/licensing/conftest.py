"""Licensing on a real database and bus, with the shop's news written by hand."""

from collections.abc import AsyncIterator

import pytest_asyncio

from licensing.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import running
from tests.licensing.world import World


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(databases: Databases, nats_server: LocalNats, tmp_path_factory: "object") -> AsyncIterator[World]:
    """The service, running, and the customers around it; a fresh database per module."""
    data_dir = tmp_path_factory.mktemp("licensing")  # type: ignore[attr-defined]
    async with running(service, databases, nats_server, platform={"data_dir": data_dir}) as started:
        yield World(started)
