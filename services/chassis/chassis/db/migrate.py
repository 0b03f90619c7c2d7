"""Migrations: each service carries its own inside its package and can bring its own database up to date."""

import asyncio
from importlib import resources

from alembic import command, context
from alembic.config import Config
from alembic.operations import Operations
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.db.base import metadata as new_metadata
from chassis.db.tables import chassis_tables

MIGRATION_LOCK = 7_301_482


def config(package: str, database_url: str) -> Config:
    """Alembic's configuration for the migrations inside `package`."""
    settings = Config()
    settings.set_main_option("script_location", str(resources.files(package) / "migrations"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["database_url"] = database_url
    return settings


async def migrate(package: str, database_url: str, revision: str = "head") -> None:
    """Bring the database to `revision`; several processes at once take turns."""
    await asyncio.to_thread(command.upgrade, config(package, database_url), revision)


def run_env(metadata: MetaData) -> None:
    """What a service's `migrations/env.py` does: run under a lock, with a lock timeout."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _run(connection, metadata)
    else:
        asyncio.run(_run_online(context.config.attributes["database_url"], metadata))


def create_chassis_tables(op: Operations) -> None:
    """Create outbox, inbox, parked events, jobs and idempotency keys: the start of every first migration."""
    kit = new_metadata()
    chassis_tables(kit)
    kit.create_all(op.get_bind(), checkfirst=False)


def drop_chassis_tables(op: Operations) -> None:
    """Undo `create_chassis_tables`."""
    kit = new_metadata()
    chassis_tables(kit)
    kit.drop_all(op.get_bind())


async def _run_online(database_url: str, metadata: MetaData) -> None:
    engine = create_async_engine(database_url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run, metadata)
        await connection.commit()
    await engine.dispose()


def _run(connection: Connection, metadata: MetaData) -> None:
    connection.execute(text("SET lock_timeout = '10s'"))
    connection.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
    connection.commit()
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
