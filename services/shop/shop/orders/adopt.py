"""Take over orders of the old shop, with their numbers, states and invoices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from shop.invoices.adopt import AdoptedInvoice
from shop.invoices.adopt import adopt_all as adopt_invoices
from shop.orders import store


@dataclass(frozen=True, slots=True)
class AdoptedLine:
    """A line of an order of the old shop. `subscription_id` is ours, not the old shop's."""

    line_no: int
    product_code: str
    product_name: Mapping[str, str]
    description: str
    quantity: int
    unit_price_minor: int
    interval: str | None = None
    subscription_id: str | None = None


@dataclass(frozen=True, slots=True)
class AdoptedOrder:
    """An order of the old shop. `status`: paid, refunded, cancelled or failed, kept as it is."""

    legacy_id: str
    number: str
    placed_at: datetime
    status: str
    currency: str
    net_minor: int
    tax_minor: int
    total_minor: int
    lines: Sequence[AdoptedLine]
    invoice_number: str | None = None


async def adopt(tx: Transaction, *, organization_id: str, orders: Sequence[AdoptedOrder]) -> dict[str, str]:
    """Store one organization's orders; answers our id for each legacy id. See `adopt_all`."""
    return (await adopt_all(tx, {organization_id: orders}))[organization_id]


async def adopt_all(tx: Transaction, orders: Mapping[str, Sequence[AdoptedOrder]]) -> dict[str, dict[str, str]]:
    """Store the orders of several organizations, and an invoice where there is a number; our ids by organization.

    A second time nothing is stored twice. Nothing is announced: these orders are history, nobody acts on them.
    """
    ids: dict[str, dict[str, str]] = {organization_id: {} for organization_id in orders}
    rows = [_order_row(tx, known, order) for known, mine in orders.items() for order in mine]
    if not rows:
        return ids
    for row in await store.upsert_legacy(tx, rows):
        ids[row.organization_id][row.legacy_id] = row.id
    lines = [
        _line_row(ids[known][order.legacy_id], line)
        for known, mine in orders.items()
        for order in mine
        for line in order.lines
    ]
    if lines:
        await store.upsert_legacy_lines(tx, lines)
    await adopt_invoices(
        tx,
        {
            known: [_invoice(ids[known][order.legacy_id], order) for order in mine if order.invoice_number]
            for known, mine in orders.items()
        },
    )
    return ids


def _order_row(tx: Transaction, organization_id: str, order: AdoptedOrder) -> dict[str, object]:
    return {
        "id": new_id("ord"),
        "number": order.number,
        "organization_id": organization_id,
        "kind": "transferred",
        "status": order.status,
        "currency": order.currency,
        "net_minor": order.net_minor,
        "tax_minor": order.tax_minor,
        "total_minor": order.total_minor,
        "tax_mode": "net",
        "tax": {},
        "invoice_number": order.invoice_number,
        "billing_owner": "old_shop",
        "origin": "transferred",
        "legacy_id": order.legacy_id,
        "placed_by": tx.actor,
        "placed_at": order.placed_at,
        "paid_at": order.placed_at if order.status in ("paid", "refunded") else None,
    }


def _line_row(order_id: str, line: AdoptedLine) -> dict[str, object]:
    return {
        "id": new_id("orl"),
        "order_id": order_id,
        "line_no": line.line_no,
        "product_code": line.product_code,
        "product_name": dict(line.product_name),
        "description": line.description,
        "quantity": line.quantity,
        "interval": line.interval,
        "unit_price_minor": line.unit_price_minor,
        "net_minor": line.quantity * line.unit_price_minor,
        "subscription_id": line.subscription_id,
    }


def _invoice(order_id: str, order: AdoptedOrder) -> AdoptedInvoice:
    return AdoptedInvoice(
        order_id=order_id,
        order_number=order.number,
        number=order.invoice_number or "",
        status=order.status,
        issued_on=order.placed_at.date(),
        currency=order.currency,
        net_minor=order.net_minor,
        tax_minor=order.tax_minor,
        total_minor=order.total_minor,
        lines=[
            {
                "product_code": line.product_code,
                "product_name": dict(line.product_name),
                "description": line.description,
                "quantity": line.quantity,
                "interval": line.interval,
                "unit_price": line.unit_price_minor,
                "net": line.quantity * line.unit_price_minor,
            }
            for line in order.lines
        ],
    )
