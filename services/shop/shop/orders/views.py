"""An order as code passes it around."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from chassis.kernel.money import Money


@dataclass(frozen=True, slots=True)
class LineView:
    """One product of an order; `net` and `unit_price` in minor units of the order's currency."""

    id: str
    line_no: int
    product_code: str
    product_name: dict[str, str]
    description: str
    quantity: int
    interval: str | None
    unit_price: int
    net: int
    subscription_id: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with its lines. `change` is what a quantity change was ordered to do."""

    id: str
    number: str
    organization_id: str
    kind: str
    status: str
    currency: str
    net: int
    tax: int
    total: int
    tax_mode: str
    tax_decision: dict[str, Any]
    purchase_order_number: str | None
    payment_method_id: str | None
    invoice_number: str | None
    failure_code: str | None
    subscription_id: str | None
    term_first_day: date | None
    fence: int | None
    change: dict[str, Any] | None
    origin: str
    placed_at: datetime
    paid_at: datetime | None
    lines: tuple[LineView, ...]

    @property
    def money(self) -> Money:
        """What is to be paid."""
        return Money(self.total, self.currency)


def line_of(row: Row[Any]) -> LineView:
    """The line of a stored row."""
    return LineView(
        row.id,
        row.line_no,
        row.product_code,
        row.product_name,
        row.description,
        row.quantity,
        row.interval,
        row.unit_price_minor,
        row.net_minor,
        row.subscription_id,
    )


def order_of(row: Row[Any], lines: list[LineView]) -> OrderView:
    """The order of a stored row with its lines."""
    return OrderView(
        id=row.id,
        number=row.number,
        organization_id=row.organization_id,
        kind=row.kind,
        status=row.status,
        currency=row.currency,
        net=row.net_minor,
        tax=row.tax_minor,
        total=row.total_minor,
        tax_mode=row.tax_mode,
        tax_decision=row.tax,
        purchase_order_number=row.purchase_order_number,
        payment_method_id=row.payment_method_id,
        invoice_number=row.invoice_number,
        failure_code=row.failure_code,
        subscription_id=row.subscription_id,
        term_first_day=row.term_first_day,
        fence=row.fence,
        change=row.change,
        origin=row.origin,
        placed_at=row.placed_at,
        paid_at=row.paid_at,
        lines=tuple(sorted(lines, key=lambda line: line.line_no)),
    )
