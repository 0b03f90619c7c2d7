"""Transfers as they are shown."""

from typing import Any

from sqlalchemy import Row, any_, literal, or_, select

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from shop.transfers import store
from shop.transfers.models import entries, transfers
from shop.transfers.schemas import TimelineEntry, Transfer, TransferWithTimeline


async def page(
    reader: Reader,
    params: PageParams,
    *,
    wave: str | None,
    state: str | None,
    code: str | None,
    customer: str | None,
) -> Page[Transfer]:
    """Transfers in the order in which they were planned; `code` matches blocks, warnings and failures."""
    statement = select(transfers)
    if wave is not None:
        statement = statement.where(transfers.c.wave_id == wave)
    if state is not None:
        statement = statement.where(transfers.c.state == state)
    if customer is not None:
        statement = statement.where(transfers.c.legacy_customer_id == customer)
    if code is not None:
        statement = statement.where(
            or_(
                literal(code) == any_(transfers.c.codes),
                literal(code) == any_(transfers.c.warnings),
                transfers.c.failure_code == code,
                transfers.c.outcome == code,
            )
        )
    return await page_of(
        reader, statement, params, order_by=[transfers.c.id], convert=lambda row: Transfer(**_fields(row))
    )


async def shown(reader: Reader, transfer_id: str) -> TransferWithTimeline:
    """One transfer with its timeline. Raises TransferNotFound."""
    row = await store.find(reader, transfer_id)
    happened = await reader.all(
        select(entries).where(entries.c.transfer_id == transfer_id).order_by(entries.c.at, entries.c.id)
    )
    timeline = [
        TimelineEntry(at=entry.at, what=entry.what, detail=entry.detail, actor=entry.actor) for entry in happened
    ]
    return TransferWithTimeline(**_fields(row), timeline=timeline, moved=row.moved)


def _fields(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Transfer.model_fields}
