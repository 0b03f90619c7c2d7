"""One real PostgreSQL and one real nats-server for the whole run."""

from collections.abc import Iterator

import pytest

from tests.harness.servers import Databases, LocalNats, LocalPostgres, running_nats, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """The PostgreSQL of this run."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def databases(postgres: LocalPostgres) -> Databases:
    """Fresh databases for services."""
    return Databases(postgres)


@pytest.fixture(scope="session")
def nats_server() -> Iterator[LocalNats]:
    """The nats-server of this run."""
    with running_nats() as server:
        yield server
