"""The identity service under test: one per module, on a fresh database."""

from collections.abc import AsyncIterator

import pytest

from identity.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running


@pytest.fixture(scope="module")
async def identity(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """Identity with relay, consumers and jobs."""
    state = tmp_path_factory.mktemp("identity")
    async with running(service, databases, nats_server, platform={"data_dir": state}) as running_service:
        yield running_service
