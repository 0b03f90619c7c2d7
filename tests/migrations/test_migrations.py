"""Every service's migrations build what its code expects, from nothing, and can be taken back."""

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.db.migrate import config, migrate
from chassis.service import Service
from deploy.contracts import service_called
from tests.harness.servers import Databases

SERVICES = ("identity", "shop", "licensing", "notifications", "gateway")


@pytest.mark.parametrize("name", SERVICES)
async def test_models_and_migrations_agree(name: str, databases: Databases) -> None:
    service = service_called(name)
    url = await databases.empty()

    await migrate(service.package, url)

    assert await _inspect(url, lambda connection: _differences(connection, service)) == []


@pytest.mark.parametrize("name", SERVICES)
async def test_migrations_can_be_taken_back_and_applied_again(name: str, databases: Databases) -> None:
    service = service_called(name)
    url = await databases.empty()
    await migrate(service.package, url)

    await asyncio.to_thread(command.downgrade, config(service.package, url), "base")
    left = await _inspect(url, _tables)
    await migrate(service.package, url)

    assert left == {"alembic_version"}
    assert await _inspect(url, lambda connection: _differences(connection, service)) == []


@pytest.mark.parametrize("name", SERVICES)
def test_there_is_one_line_of_migrations(name: str) -> None:
    heads = ScriptDirectory.from_config(config(service_called(name).package, "")).get_heads()
    assert len(heads) == 1


async def _inspect(url: str, look):  # type: ignore[no-untyped-def]
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        answer = await connection.run_sync(look)
    await engine.dispose()
    return answer


def _differences(connection: Connection, service: Service) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, service.metadata)


def _tables(connection: Connection) -> set[str]:
    rows = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    return {row.tablename for row in rows}
