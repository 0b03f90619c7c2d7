"""Write an order down, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from shop.customers.queries import CustomerView
from shop.orders import store
from shop.orders.announce import announce_failed, announce_paid, announce_placed
from shop.orders.errors import OrderNotFound
from shop.orders.views import LineView, OrderView
from shop.taxes.rules import TaxDecision, Totals

NOTHING_BEGUN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Draft:
    """One line of an order to be."""

    product_code: str
    product_name: dict[str, str]
    quantity: int
    interval: str
    unit_price: int
    subscription_id: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why an order of an existing subscription is written: which one, which term, under which fence."""

    subscription_id: str
    fence: int
    term_first_day: date | None = None
    change: dict[str, Any] | None = None


async def record(
    tx: Transaction,
    *,
    customer: CustomerView,
    kind: str,
    lines: Sequence[Draft],
    totals: Totals,
    decision: TaxDecision,
    currency: str,
    payment_method_id: str | None,
    purchase_order_number: str | None = None,
    occasion: Occasion | None = None,
    tax_mode: str = "net",
) -> OrderView | None:
    """Store an order as placed and tell the others; None when this term's renewal has been ordered before."""
    order_id = new_id("ord")
    views = tuple(
        LineView(
            new_id("orl"),
            index,
            line.product_code,
            dict(line.product_name),
            line.description,
            line.quantity,
            line.interval,
            line.unit_price,
            net,
            line.subscription_id,
        )
        for index, (line, net) in enumerate(zip(lines, totals.line_nets, strict=True), start=1)
    )
    order = OrderView(
        id=order_id,
        number="",
        organization_id=customer.organization_id,
        kind=kind,
        status="placed",
        currency=currency,
        net=totals.net,
        tax=totals.tax,
        total=totals.total,
        tax_mode=tax_mode,
        tax_decision=asdict(decision),
        purchase_order_number=purchase_order_number,
        payment_method_id=payment_method_id,
        invoice_number=None,
        failure_code=None,
        subscription_id=occasion.subscription_id if occasion else None,
        term_first_day=occasion.term_first_day if occasion else None,
        fence=occasion.fence if occasion else None,
        change=occasion.change if occasion else None,
        origin="new",
        placed_at=tx.now,
        paid_at=None,
        lines=views,
    )
    row, lines_rows = _order_row(order, placed_by=tx.actor), _line_rows(order_id, views)
    number = await store.add(tx, row, lines_rows, year=customer.today(tx).year)
    if number is None:
        return None
    order = replace(order, number=number)
    announce_placed(tx, order, customer)
    return order


async def lock(tx: Transaction, order_id: str) -> OrderView:
    """An order, locked until the transaction ends. Raises OrderNotFound."""
    order = await store.lock(tx, order_id)
    if order is None:
        raise OrderNotFound
    return order


async def mark_paid(
    tx: Transaction,
    order: OrderView,
    customer: CustomerView,
    *,
    invoice_number: str,
    begun: Mapping[str, str] = NOTHING_BEGUN,
) -> OrderView:
    """The order is paid and invoiced; answers it as it is then. `begun` says which subscription each line began."""
    await store.pay(tx, order.id, invoice_number=invoice_number, begun=begun)
    lines = tuple(replace(line, subscription_id=begun.get(line.id, line.subscription_id)) for line in order.lines)
    order = replace(order, lines=lines)
    announce_paid(tx, order, customer, invoice_number=invoice_number)
    return replace(order, status="paid", paid_at=tx.now, invoice_number=invoice_number, failure_code=None)


async def mark_failed(tx: Transaction, order: OrderView, customer: CustomerView, *, failure_code: str | None) -> None:
    """The payment did not come about and is not tried again."""
    await store.change(tx, order.id, {"status": "failed", "failure_code": failure_code})
    announce_failed(tx, order, customer, failure_code=failure_code)


async def mark(tx: Transaction, order_id: str, *, status: str, failure_code: str | None = None) -> None:
    """Write down another state of an order."""
    await store.change(tx, order_id, {"status": status, "failure_code": failure_code})


def _order_row(order: OrderView, *, placed_by: str) -> dict[str, Any]:
    return {
        "id": order.id,
        "organization_id": order.organization_id,
        "kind": order.kind,
        "status": order.status,
        "currency": order.currency,
        "net_minor": order.net,
        "tax_minor": order.tax,
        "total_minor": order.total,
        "tax_mode": order.tax_mode,
        "tax": order.tax_decision,
        "purchase_order_number": order.purchase_order_number,
        "payment_method_id": order.payment_method_id,
        "subscription_id": order.subscription_id,
        "term_first_day": order.term_first_day,
        "billing_owner": "new_shop",
        "fence": order.fence,
        "change": order.change,
        "origin": order.origin,
        "placed_by": placed_by,
        "placed_at": order.placed_at,
    }


def _line_rows(order_id: str, lines: Sequence[LineView]) -> list[dict[str, Any]]:
    return [
        {
            "id": line.id,
            "order_id": order_id,
            "line_no": line.line_no,
            "product_code": line.product_code,
            "product_name": line.product_name,
            "description": line.description,
            "quantity": line.quantity,
            "interval": line.interval,
            "unit_price_minor": line.unit_price,
            "net_minor": line.net,
            "subscription_id": line.subscription_id,
        }
        for line in lines
    ]
