"""Issue an invoice with the next number of its series."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from chassis.kernel.money import Money
from shop.customers.queries import CustomerView
from shop.invoices.events import InvoiceIssued
from shop.invoices.models import invoice_series, invoices
from shop.invoices.rules import invoice_number, series_of
from shop.values import Amount

ADD = insert(invoices)
NEXT = (
    insert(invoice_series)
    .values(last=1)
    .on_conflict_do_update(index_elements=["series"], set_={"last": invoice_series.c.last + 1})
    .returning(invoice_series.c.last)
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new invoice."""

    id: str
    number: str


async def issue(
    tx: Transaction,
    *,
    customer: CustomerView,
    order_id: str,
    order_number: str,
    net: int,
    tax: int,
    total: Money,
    document: dict[str, Any],
) -> Issued:
    """Store the invoice of a paid order. An order has one invoice (unique); a roll-back gives the number back.

    The counter's row stays locked until the transaction ends: call this late, and do little after it.
    """
    issued_on = customer.today(tx)
    series = series_of(customer.region or "", issued_on)
    number = invoice_number(series, await _next(tx, series))
    invoice = Issued(new_id("inv"), number)
    await tx.execute(
        ADD,
        {
            "id": invoice.id,
            "number": number,
            "organization_id": customer.organization_id,
            "order_id": order_id,
            "order_number": order_number,
            "issued_on": issued_on,
            "currency": total.currency,
            "net_minor": net,
            "tax_minor": tax,
            "total_minor": total.amount,
            "status": "paid",
            "origin": "new",
            "document": document,
            "created_at": tx.now,
        },
    )
    tx.emit(
        InvoiceIssued(
            invoice_id=invoice.id,
            number=number,
            order_id=order_id,
            organization_id=customer.organization_id,
            total=Amount.of(total),
            issued_on=issued_on,
        )
    )
    return invoice


async def _next(tx: Transaction, series: str) -> int:
    return int(await tx.scalar(NEXT, {"series": series}))
