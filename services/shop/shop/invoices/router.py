"""Invoices to read and download."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import Row, select

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from shop.invoices import queries
from shop.invoices.errors import InvoiceNotFound
from shop.invoices.models import invoices
from shop.invoices.pdf import render_pdf
from shop.invoices.schemas import Invoice
from shop.invoices.ubl import render_ubl
from shop.values import Amount

router = APIRouter(prefix="/invoices", tags=["invoices"])

Reading = Annotated[Principal, requires("orders:read", "orders:write", "operator:read", "operator:write")]
PDF = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
XML = {"application/xml": {"schema": {"type": "string"}}}


@router.get("", operation_id="list_invoices", responses=problems(Invalid))
async def list_invoices(
    principal: Reading,
    reader: Read,
    page: PageQuery,
    order_id: str | None = None,
    number: str | None = None,
    organization: Annotated[str | None, Query(description="Operators only: of this organization.")] = None,
) -> Page[Invoice]:
    """The invoices of the organization, newest first."""
    owner = (organization or principal.organization_id) if principal.is_operator else principal.organization
    wanted = select(invoices)
    for name, value in {"organization_id": owner, "order_id": order_id, "number": number}.items():
        if value is not None:
            wanted = wanted.where(invoices.c[name] == value)
    order = [invoices.c.issued_on, invoices.c.id]
    return await page_of(reader, wanted, page, order_by=order, convert=_shown, descending=True)


@router.get("/{invoice_id}", operation_id="get_invoice", responses=problems(InvoiceNotFound))
async def get_invoice(principal: Reading, reader: Read, invoice_id: str) -> Invoice:
    """One invoice."""
    return _shown(await _find(principal, reader, invoice_id))


@router.get(
    "/{invoice_id}/pdf",
    operation_id="download_invoice_pdf",
    response_class=Response,
    responses={200: {"content": PDF, "description": "The invoice to print."}, **problems(InvoiceNotFound)},
)
async def download_invoice_pdf(principal: Reading, reader: Read, invoice_id: str) -> Response:
    """The invoice as PDF, in the language of the organization."""
    row = await _find(principal, reader, invoice_id)
    body = await asyncio.to_thread(render_pdf, row)
    return _file(body, "application/pdf", f"{row.number}.pdf")


@router.get(
    "/{invoice_id}/xml",
    operation_id="download_invoice_xml",
    response_class=Response,
    responses={200: {"content": XML, "description": "The invoice for machines."}, **problems(InvoiceNotFound)},
)
async def download_invoice_xml(principal: Reading, reader: Read, invoice_id: str) -> Response:
    """The invoice as UBL 2.1 with the terms of EN 16931."""
    row = await _find(principal, reader, invoice_id)
    return _file(render_ubl(row), "application/xml", f"{row.number}.xml")


async def _find(principal: Principal, reader: Read, invoice_id: str) -> Row[Any]:
    owner = None if principal.is_operator else principal.organization
    return await queries.find(reader, organization_id=owner, invoice_id=invoice_id)


def _file(body: bytes, media_type: str, name: str) -> Response:
    safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
    headers = {"Content-Disposition": f'attachment; filename="{safe}"', "Cache-Control": "private, no-store"}
    return Response(body, media_type=media_type, headers=headers)


def _shown(row: Row[Any]) -> Invoice:
    return Invoice(
        id=row.id,
        number=row.number,
        order_id=row.order_id,
        order_number=row.order_number,
        issued_on=row.issued_on,
        net=Amount.minor(row.net_minor, row.currency),
        tax=Amount.minor(row.tax_minor, row.currency),
        total=Amount.minor(row.total_minor, row.currency),
        status=row.status,
        origin=row.origin,
    )
