"""Orders as answers."""

from typing import Any

from shop.orders.schemas import Order, OrderLine, Tax
from shop.orders.views import OrderView
from shop.values import Amount, Texts


def shown(order: OrderView, *, invoice_id: str | None = None, action_url: str | None = None) -> Order:
    """An order as clients see it."""
    return Order(
        id=order.id,
        number=order.number,
        organization_id=order.organization_id,
        kind=order.kind,
        status=order.status,
        origin=order.origin,
        currency=order.currency,
        lines=[
            OrderLine(
                line_no=line.line_no,
                product_code=line.product_code,
                product_name=Texts(**line.product_name),
                description=line.description,
                quantity=line.quantity,
                interval=line.interval,
                unit_price=Amount.minor(line.unit_price, order.currency),
                net=Amount.minor(line.net, order.currency),
                subscription_id=line.subscription_id,
            )
            for line in order.lines
        ],
        net=Amount.minor(order.net, order.currency),
        tax=tax_of(order.tax_decision, order.tax, order.currency),
        total=Amount.minor(order.total, order.currency),
        purchase_order_number=order.purchase_order_number,
        payment_method_id=order.payment_method_id,
        invoice_id=invoice_id,
        invoice_number=order.invoice_number,
        failure_code=order.failure_code,
        action_url=action_url,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
    )


def tax_of(decision: dict[str, Any], amount: int, currency: str) -> Tax:
    """The tax decision as clients see it; orders of the old shop have none, only the amount."""
    return Tax(
        category=decision.get("category", ""),
        rate_percent=decision.get("rate", 0) / 100,
        country=decision.get("country"),
        reason=decision.get("reason", "as_in_the_old_shop"),
        amount=Amount.minor(amount, currency),
    )
