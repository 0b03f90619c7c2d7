"""One real PostgreSQL and one real nats-server for each of the processes that run the tests (`make test` has two)."""

from collections.abc import Iterator

import pytest

from tests.harness.servers import Databases, LocalNats, LocalPostgres, running_nats, running_postgres

LONGEST = "tests/system/test_big_transfer.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest story first: it waits a lot, and another process does the many small tests meanwhile."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


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
