"""Take over invoices of the old shop under their old numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from shop.customers.queries import CustomerView, get_many
from shop.invoices.document import compose
from shop.invoices.models import invoices as table


@dataclass(frozen=True, slots=True)
class AdoptedInvoice:
    """An invoice of an order that was transferred."""

    order_id: str
    order_number: str
    number: str
    status: str
    issued_on: date
    currency: str
    net_minor: int
    tax_minor: int
    total_minor: int
    lines: Sequence[dict[str, Any]]


async def adopt_all(tx: Transaction, invoices: Mapping[str, Sequence[AdoptedInvoice]]) -> None:
    """Store the invoices of several organizations; one that is there already stays as it is."""
    wanted = {organization_id: mine for organization_id, mine in invoices.items() if mine}
    if not wanted:
        return
    customers = await get_many(tx, wanted)
    rows = [
        _row(tx, customers[organization_id], invoice) for organization_id, mine in wanted.items() for invoice in mine
    ]
    statement = insert(table).on_conflict_do_nothing(index_elements=["order_id"])
    await tx.execute(statement.returning(table.c.id), rows)


def _row(tx: Transaction, customer: CustomerView, invoice: AdoptedInvoice) -> dict[str, Any]:
    return {
        "id": new_id("inv"),
        "number": invoice.number,
        "organization_id": customer.organization_id,
        "order_id": invoice.order_id,
        "order_number": invoice.order_number,
        "issued_on": invoice.issued_on,
        "currency": invoice.currency,
        "net_minor": invoice.net_minor,
        "tax_minor": invoice.tax_minor,
        "total_minor": invoice.total_minor,
        "status": invoice.status,
        "origin": "transferred",
        "document": compose(
            seller=None,
            customer=customer,
            order_number=invoice.order_number,
            purchase_order_number=None,
            lines=invoice.lines,
            tax={},
            payment=None,
            period=None,
        ),
        "created_at": tx.now,
    }
