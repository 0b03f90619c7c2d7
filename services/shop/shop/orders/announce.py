"""Tell the other services about an order."""

from dataclasses import replace

from chassis.db.transaction import Transaction
from shop.customers.queries import CustomerView
from shop.orders.events import OrderBody, OrderEvent, OrderFailed, OrderLine, OrderPaid, OrderPlaced, OrderRefunded
from shop.orders.views import OrderView
from shop.values import Amount, Texts


def announce_placed(tx: Transaction, order: OrderView, customer: CustomerView) -> None:
    """An order exists."""
    tx.emit(_event(OrderPlaced, order, customer))


def announce_paid(tx: Transaction, order: OrderView, customer: CustomerView, *, invoice_number: str) -> None:
    """An order is paid."""
    tx.emit(_event(OrderPaid, replace(order, status="paid", invoice_number=invoice_number), customer))


def announce_failed(tx: Transaction, order: OrderView, customer: CustomerView, *, failure_code: str | None) -> None:
    """An order's payment did not come about."""
    tx.emit(_event(OrderFailed, replace(order, status="failed", failure_code=failure_code), customer))


def announce_refunded(tx: Transaction, order: OrderView, customer: CustomerView) -> None:
    """An order's money was given back."""
    tx.emit(_event(OrderRefunded, replace(order, status="refunded"), customer))


def body_of(order: OrderView) -> OrderBody:
    """The order as events carry it."""
    return OrderBody(
        id=order.id,
        number=order.number,
        organization_id=order.organization_id,
        status=order.status,
        kind=order.kind,
        currency=order.currency,
        net=Amount.minor(order.net, order.currency),
        tax=Amount.minor(order.tax, order.currency),
        total=Amount.minor(order.total, order.currency),
        lines=[
            OrderLine(
                product_code=line.product_code,
                product_name=Texts(**line.product_name),
                quantity=line.quantity,
                interval=line.interval,
                unit_price=Amount.minor(line.unit_price, order.currency),
                net=Amount.minor(line.net, order.currency),
                subscription_id=line.subscription_id,
            )
            for line in order.lines
        ],
        placed_at=order.placed_at,
        purchase_order_number=order.purchase_order_number,
    )


def _event(kind: type[OrderEvent], order: OrderView, customer: CustomerView) -> OrderEvent:
    return kind(
        order=body_of(order),
        organization=customer.org,
        buyer=customer.buyer,
        invoice_number=order.invoice_number,
        failure_code=order.failure_code,
    )
