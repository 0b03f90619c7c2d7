"""`python -m shop import EXPORT [--source …] [--exported-on …] [--transfer-on …] [--product-map FILE]`.

The same import as the upload over REST, for exports that lie on the server: a zip, a directory or a CSV file.
"""

import argparse
import asyncio
import json
import shutil
import sys
from datetime import date
from pathlib import Path

from sqlalchemy import select

from chassis.db.transaction import Database
from chassis.kernel.ids import new_id
from chassis.runtime import Runtime
from chassis.service import Service
from shop.transfers.errors import UploadRefused
from shop.transfers.imports import queries
from shop.transfers.imports.product_map import product_map_in
from shop.transfers.imports.register import NOTICE, Upload, refuse_incomplete, register
from shop.transfers.imports.schemas import TransferImport
from shop.transfers.imports.unpack import bundle_in, unpack
from shop.transfers.imports.work import work_through
from shop.transfers.legacy_shops.known import SOURCES
from shop.transfers.models import imports
from shop.transfers.places import providers_of, uploads_of
from shop.transfers.turns import turn

SECONDS_BETWEEN_LOOKS = 1.0


def import_command(service: Service, arguments: list[str]) -> None:
    """Import an export and print what became of it; exit code 1 when it was refused or failed."""
    options = _options(arguments)
    sys.exit(asyncio.run(_run(service, options)))


async def _run(service: Service, options: argparse.Namespace) -> int:
    runtime = Runtime(service)
    async with runtime.running(in_background=False):
        try:
            import_id = await import_export(runtime, options)
        except UploadRefused as refusal:
            for error in refusal.errors:
                _say(f"{error.pointer}: {error.detail}")
            return 1
        done = await _carried_through(runtime, import_id)
    _say(json.dumps(done.model_dump(mode="json"), indent=1, ensure_ascii=False))
    return 0 if done.state == "completed" else 1


async def import_export(runtime: Runtime, options: argparse.Namespace) -> str:
    """Take the export in; the id of the import. Raises UploadRefused."""
    import_id = new_id("imp")
    folder = uploads_of(runtime) / import_id
    await asyncio.to_thread(_unpack, options.export, folder)
    try:
        exported_on = options.exported_on or runtime.clock.now().date()
        upload = Upload(
            source=options.source,
            exported_on=exported_on,
            transfer_on=options.transfer_on or exported_on + NOTICE,
            product_map=options.product_map or {},
        )
        bundle = bundle_in(folder)
        refuse_incomplete(upload, bundle)
        async with runtime.database.transaction(actor="command:import") as tx:
            await register(tx, import_id=import_id, upload=upload, bundle=bundle)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return import_id


async def _carried_through(runtime: Runtime, import_id: str) -> TransferImport:
    """Do the work, or wait for the running shop to do it: never both at once."""
    said = ""
    while True:
        async with turn(runtime.database, "transfer-imports.work") as is_ours:
            if is_ours:
                await work_through(
                    runtime.database,
                    directory_of_uploads=uploads_of(runtime),
                    providers=providers_of(runtime),
                )
        found = await _look(runtime.database, import_id)
        if found.finished_at is not None:
            return found
        if said != (said := json.dumps(found.progress)):
            _say(said)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _look(database: Database, import_id: str) -> TransferImport:
    async with database.read() as reader:
        row = await reader.one(select(imports).where(imports.c.id == import_id))
    return queries.shown(row)


def _unpack(export: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    try:
        for path in sorted(export.rglob("*.csv")) if export.is_dir() else [export]:
            with path.open("rb") as file:
                unpack(file, path.name, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m shop import", description="Import an export of the old shop.")
    parser.add_argument("export", type=Path, help="a zip, a directory, or a CSV file")
    parser.add_argument("--source", choices=SOURCES, default="canonical")
    parser.add_argument("--exported-on", type=date.fromisoformat, help="the day of the export; default: today")
    parser.add_argument("--transfer-on", type=date.fromisoformat, help="the provisional transfer day")
    parser.add_argument("--product-map", type=Path, help="JSON file: the old shop's product ids to our codes")
    options = parser.parse_args(arguments)
    for path in (options.export, options.product_map):
        if path is not None and not path.exists():
            parser.error(f"there is no {path}")
    if options.product_map is not None:
        try:
            options.product_map = product_map_in(options.product_map.read_text())
        except ValueError:
            parser.error("the product map is no JSON object from the old shop's product ids to our codes")
    return options


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
