"""Imports and their findings, read for operators."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select

from chassis.db.transaction import Database, Reader
from chassis.http.pages import Page, PageParams, page_of
from shop.transfers.errors import ImportNotFound
from shop.transfers.imports.schemas import ImportChange, ImportFinding, TransferImport
from shop.transfers.legacy_shops.known import legacy_shop
from shop.transfers.legacy_shops.protocol import LegacyShop
from shop.transfers.models import changes, findings, imports
from shop.transfers.rules.codes import FINDING_CODES, Finding


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings; None = all."""

    file: str | None = None
    code: str | None = None
    level: str | None = None
    customer: str | None = None


async def get(reader: Reader, import_id: str) -> TransferImport:
    """One import. Raises ImportNotFound."""
    return shown(await _row(reader, import_id))


async def page(reader: Reader, params: PageParams) -> Page[TransferImport]:
    """Imports, the newest first."""
    return await page_of(reader, select(imports), params, order_by=[imports.c.load], convert=shown, descending=True)


async def findings_page(
    reader: Reader, import_id: str, wanted: FindingFilter, params: PageParams
) -> Page[ImportFinding]:
    """Findings in the order of files and lines."""
    row = await _row(reader, import_id)
    shop = legacy_shop(row.source, row.product_map, row.files)
    return await page_of(
        reader,
        _findings(row.load, wanted),
        params,
        order_by=[findings.c.file, findings.c.line, findings.c.id],
        convert=lambda found: shown_finding(finding_of(found), shop),
    )


async def every_finding(database: Database, import_id: str, wanted: FindingFilter) -> AsyncIterator[ImportFinding]:
    """All findings one after the other, page by page."""
    params = PageParams(limit=1000, cursor=None)
    while True:
        async with database.read() as reader:
            part = await findings_page(reader, import_id, wanted, params)
        for item in part.items:
            yield item
        if part.next_cursor is None:
            return
        params = PageParams(limit=1000, cursor=part.next_cursor)


async def changes_page(reader: Reader, import_id: str, params: PageParams) -> Page[ImportChange]:
    """What changed at the source, customer by customer."""
    row = await _row(reader, import_id)
    return await page_of(
        reader,
        select(changes).where(changes.c.load == row.load),
        params,
        order_by=[changes.c.id],
        convert=lambda change: ImportChange(
            file=change.file,
            key=change.key,
            customer=change.customer,
            change=change.change,
            differences=change.differences,
        ),
    )


def finding_of(row: Row[Any]) -> Finding:
    """A stored finding."""
    return Finding(row.file, row.line, row.column, row.code, row.key, row.customer, row.value)


def shown_finding(finding: Finding, shop: LegacyShop) -> ImportFinding:
    """A finding in the words of the operator's own export."""
    file, column = shop.place(finding.file, finding.column)
    known = FINDING_CODES[finding.code]
    assert known.level is not None
    return ImportFinding(
        file=file,
        line=finding.line,
        column=column,
        code=finding.code,
        level=known.level.value,
        key=finding.key,
        customer=finding.customer,
        detail=finding.sentence,
        who_acts=known.who_acts,
        value=finding.value,
    )


def shown(row: Row[Any]) -> TransferImport:
    """An import for the outside."""
    return TransferImport(
        id=row.id,
        source=row.source,
        exported_on=row.exported_on,
        transfer_on=row.transfer_on,
        state=row.state,
        progress=row.progress,
        files=row.files,
        changed=row.changed,
        summary=row.summary,
        error=row.error,
        created_by=row.created_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


async def _row(reader: Reader, import_id: str) -> Row[Any]:
    row = await reader.first(select(imports).where(imports.c.id == import_id))
    if row is None:
        raise ImportNotFound()
    return row


def _findings(load: int, wanted: FindingFilter) -> Select[Any]:
    statement = select(findings).where(findings.c.load == load)
    for column in ("file", "code", "level", "customer"):
        value = getattr(wanted, column)
        if value is not None:
            statement = statement.where(findings.c[column] == value)
    return statement
