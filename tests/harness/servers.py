"""One real PostgreSQL and one real nats-server for a whole test run; a fresh database by cloning a migrated one."""

import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from chassis.db.migrate import migrate
from chassis.service import Service
from deploy.dev.nats import LocalNats
from deploy.dev.postgres import LocalPostgres

PASSWORD = "for-tests-only"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_postgres() -> Iterator[LocalPostgres]:
    """A cluster for this run, thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="portico-pg-") as directory:
        server = LocalPostgres(Path(directory) / "data", port=free_port(), password=PASSWORD, durable=False)
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def running_nats() -> Iterator[LocalNats]:
    """A server for this run, thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="portico-nats-") as directory:
        server = LocalNats(Path(directory), port=free_port(), password=PASSWORD, durable=False)
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Databases:
    """Hands out databases: the first of a service is migrated, every further one is a clone of that."""

    def __init__(self, server: LocalPostgres) -> None:
        self._server = server
        self._templates: set[str] = set()

    async def fresh(self, service: Service) -> str:
        """The SQLAlchemy URL of an empty, migrated database of `service`."""
        template = f"template_{service.name}"
        if service.name not in self._templates:
            await self._execute(f"CREATE DATABASE {template}")
            await migrate(service.package, self.url_of(template))
            self._templates.add(service.name)
        name = f"{service.name}_{secrets.token_hex(4)}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
        return self.url_of(name)

    async def empty(self) -> str:
        """The SQLAlchemy URL of a database without any table."""
        name = f"empty_{secrets.token_hex(4)}"
        await self._execute(f"CREATE DATABASE {name}")
        return self.url_of(name)

    def url_of(self, name: str) -> str:
        """The SQLAlchemy URL of the database called `name`."""
        return f"postgresql+asyncpg{self._server.url.removeprefix('postgresql').removesuffix('postgres')}{name}"

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._server.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
