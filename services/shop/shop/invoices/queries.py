"""Invoices as other features read them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from shop.invoices.errors import InvoiceNotFound
from shop.invoices.models import invoices


async def ids_by_order(reader: Reader, order_ids: Collection[str]) -> dict[str, str]:
    """The invoice ids of several orders."""
    if not order_ids:
        return {}
    rows = await reader.all(select(invoices.c.order_id, invoices.c.id).where(invoices.c.order_id.in_(order_ids)))
    return {row.order_id: row.id for row in rows}


async def find(reader: Reader, *, organization_id: str | None, invoice_id: str) -> Row[Any]:
    """An invoice of an organization (None: of any). Raises InvoiceNotFound."""
    row = await reader.first(select(invoices).where(invoices.c.id == invoice_id))
    if row is None or (organization_id is not None and row.organization_id != organization_id):
        raise InvoiceNotFound
    return row


async def all_of(reader: Reader, organization_id: str) -> list[Row[Any]]:
    """Every invoice of an organization, oldest first."""
    mine = select(invoices).where(invoices.c.organization_id == organization_id)
    return await reader.all(mine.order_by(invoices.c.issued_on, invoices.c.id))
