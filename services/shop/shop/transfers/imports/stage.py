"""Reading an export into the legacy tables by COPY, chunk by chunk, so that memory stays small."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete

from chassis.db.transaction import Database
from chassis.kernel.emails import InvalidEmail, normalize_email
from shop.transfers.imports.progress import report
from shop.transfers.legacy_shops.protocol import Bundle, LegacyShop, ReadRow
from shop.transfers.models import LEGACY, findings
from shop.transfers.rules.codes import Finding, level_of
from shop.transfers.rules.files import FILE

CHUNK = 5_000
COPY_SECONDS = 300
FINDING_COLUMNS = ("load", "stage", "file", "line", "column", "code", "level", "key", "customer", "value")


@dataclass(slots=True)
class Chunk:
    """Records of one file, ready to be copied, and what was noticed while reading them."""

    file: str
    records: list[tuple[Any, ...]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


async def stage(database: Database, *, import_id: str, load: int, shop: LegacyShop, bundle: Bundle) -> None:
    """Store every record of the export under its load number; what an interrupted try left is removed first."""
    await _forget(database, load)
    chunks = _chunks(shop, bundle, load)
    rows = dict.fromkeys(FILE, 0)
    async with database.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            await _copy(raw, chunk, load)
            rows[chunk.file] += len(chunk.records)
            await report(database, import_id, {"phase": "reading", "file": chunk.file, "rows": rows})


def finding_record(load: int, stage_name: str, finding: Finding) -> tuple[Any, ...]:
    """A finding as a row of `import_findings`."""
    return (
        load,
        stage_name,
        finding.file,
        finding.line,
        finding.column,
        finding.code,
        level_of(finding.code).value,
        finding.key,
        finding.customer,
        finding.value[:500],
    )


async def copy_findings(raw: Any, records: list[tuple[Any, ...]]) -> None:
    """Store findings by COPY."""
    await raw.copy_records_to_table(findings.name, records=records, columns=FINDING_COLUMNS, timeout=COPY_SECONDS)


async def _copy(raw: Any, chunk: Chunk, load: int) -> None:
    if chunk.records:
        columns = ["load", "line", "digest", *FILE[chunk.file].columns]
        if chunk.file == "customers.csv":
            columns.append("email_key")
        await raw.copy_records_to_table(
            LEGACY[chunk.file].name, records=chunk.records, columns=columns, timeout=COPY_SECONDS
        )
    if chunk.findings:
        await copy_findings(raw, [finding_record(load, "reading", finding) for finding in chunk.findings])


async def _forget(database: Database, load: int) -> None:
    async with database.transaction() as tx:
        for table in (*LEGACY.values(), findings):
            await tx.execute(delete(table).where(table.c.load == load))


def _chunks(shop: LegacyShop, bundle: Bundle, load: int) -> Iterator[Chunk]:
    chunk: Chunk | None = None
    for item in shop.read(bundle):
        if chunk is None or chunk.file != item.file or len(chunk.records) >= CHUNK:
            if chunk is not None:
                yield chunk
            chunk = Chunk(item.file)
        if isinstance(item, Finding):
            chunk.findings.append(item)
        else:
            chunk.records.append(_record(load, item))
    if chunk is not None:
        yield chunk


def _record(load: int, row: ReadRow) -> tuple[Any, ...]:
    values = row.values
    if row.file == "customers.csv":
        return (load, row.line, _digest(values), *values, _email_key(values[2]))
    return (load, row.line, _digest(values), *values)


def _digest(values: tuple[str, ...]) -> int:
    content = "\x1f".join(values).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big", signed=True)


def _email_key(email: str) -> str:
    try:
        return normalize_email(email)
    except InvalidEmail:
        return ""
