"""Carrying an import through: read, compare, publish, check. Every step can be repeated after a crash."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select, text, update
from sqlalchemy.exc import DBAPIError

from chassis.db.transaction import Database
from chassis.ops.logging import get_logger
from shop.transfers.evaluate import read_world
from shop.transfers.imports.check import check
from shop.transfers.imports.compare import compare
from shop.transfers.imports.progress import report
from shop.transfers.imports.publish import publish
from shop.transfers.imports.stage import stage
from shop.transfers.imports.unpack import bundle_in
from shop.transfers.legacy_shops.known import legacy_shop
from shop.transfers.models import LEGACY, changes, directory, imports
from shop.transfers.waiting import look_again

log = get_logger(__name__)


async def work_through(database: Database, *, directory_of_uploads: Path, providers: frozenset[str]) -> None:
    """Carry every open import through, the oldest first. One process at a time does this."""
    while (row := await _next_open(database)) is not None:
        folder = directory_of_uploads / row.id
        try:
            await _carry_through(database, row, folder, providers)
        except (DBAPIError, OSError) as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            await _give_up(database, row, error)
        except Exception as error:
            await _give_up(database, row, error)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _next_open(database: Database) -> Row[Any] | None:
    async with database.read() as reader:
        return await reader.first(
            select(imports).where(imports.c.finished_at.is_(None)).order_by(imports.c.load).limit(1)
        )


async def _carry_through(database: Database, row: Row[Any], folder: Path, providers: frozenset[str]) -> None:
    if row.state in ("received", "reading"):
        await report(database, row.id, {"phase": "reading"}, state="reading")
        shop = legacy_shop(row.source, row.product_map)
        bundle = await asyncio.to_thread(bundle_in, folder)
        await stage(database, import_id=row.id, load=row.load, shop=shop, bundle=bundle)
        await report(database, row.id, {"phase": "publishing"}, state="publishing")
    if row.state != "checking":
        await _publish(database, row)
    async with database.read() as reader:
        world = await read_world(reader, providers)
    summary = await check(
        database,
        import_id=row.id,
        load=row.load,
        exported_on=row.exported_on,
        transfer_on=row.transfer_on,
        world=world,
    )
    await _finish(database, row, summary)


async def _publish(database: Database, row: Row[Any]) -> None:
    async with database.transaction() as tx:
        for table in LEGACY.values():
            await tx.execute(text(f"ANALYZE {table.name}"))
    async with database.transaction() as tx:
        await compare(tx, row.load)
        changed = await publish(tx, row.load)
        await tx.execute(
            update(imports)
            .where(imports.c.id == row.id)
            .values(state="checking", changed=changed, progress={"phase": "checking"})
        )


async def _finish(database: Database, row: Row[Any], summary: dict[str, Any]) -> None:
    async with database.transaction() as tx:
        await look_again(tx)
        await tx.execute(
            update(imports)
            .where(imports.c.id == row.id)
            .values(state="completed", progress={"phase": "done"}, summary=summary, finished_at=tx.now)
        )
    await _forget_superseded(database, row.load)
    log.info("transfer_import.completed", import_id=row.id, customers=summary["customers"])


async def _give_up(database: Database, row: Row[Any], error: Exception) -> None:
    log.error("transfer_import.failed", import_id=row.id, reason=repr(error)[:500])
    async with database.transaction() as tx:
        await tx.execute(
            update(imports)
            .where(imports.c.id == row.id)
            .values(state="failed", error=str(error)[:1000], finished_at=tx.now)
        )


async def _forget_superseded(database: Database, load: int) -> None:
    """Rows of earlier loads that no customer's current facts are made of, with their changes at the source."""
    needed = select(directory.c.load).distinct()
    async with database.transaction() as tx:
        for table in LEGACY.values():
            await tx.execute(table.delete().where(table.c.load < load, table.c.load.not_in(needed)))
        await tx.execute(changes.delete().where(changes.c.load < load - 20))
