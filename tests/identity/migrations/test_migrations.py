"""The schema of identity: what the migrations make is what the code expects."""

import asyncio

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.db.migrate import config, migrate
from identity.tables import metadata
from tests.harness.servers import Databases


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


async def test_the_models_are_what_the_migrations_make(databases: Databases) -> None:
    url = await databases.empty()
    await migrate("identity", url)
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_there_is_one_head(databases: Databases) -> None:
    assert len(ScriptDirectory.from_config(config("identity", await databases.empty())).get_heads()) == 1


async def test_every_step_can_be_undone(databases: Databases) -> None:
    url = await databases.empty()
    await migrate("identity", url)
    await asyncio.to_thread(command.downgrade, config("identity", url), "base")
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    assert left == ["alembic_version"]
