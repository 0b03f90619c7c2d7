"""The mails about orders."""

from datetime import datetime
from typing import Any

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.clock import day_of
from notifications.messages.queue import Order, queue
from notifications.reactions.facts import Buyer, Money, Org, Texts, to_buyer

CONFIRMED_KINDS = ("purchase", "quantity_change")
"""Renewals have a mail of their own, and transferred orders were confirmed by the old shop."""


class Line(Fact):
    """One product of the order."""

    product_code: str
    product_name: Texts | str | None = None
    quantity: int
    interval: str | None = None
    net: Money


class OrderBody(Fact):
    """The order as it is now."""

    id: str
    number: str
    kind: str
    net: Money
    tax: Money
    total: Money
    lines: list[Line] = []
    placed_at: datetime
    purchase_order_number: str | None = None


class OrderFact(Fact):
    """What every event of an order says."""

    order: OrderBody
    organization: Org
    buyer: Buyer
    invoice_number: str | None = None


def register(shop: Reactions) -> None:
    """Hear what the shop tells of orders."""
    shop.on("shop.order.paid.v1", OrderFact)(confirm)
    shop.on("shop.order.failed.v1", OrderFact)(tell_failed)
    shop.on("shop.order.refunded.v1", OrderFact)(tell_refunded)


async def confirm(tx: Transaction, fact: OrderFact, envelope: Envelope) -> None:
    """Confirm what was bought. Once per order."""
    if fact.order.kind not in CONFIRMED_KINDS:
        return
    order = fact.order
    data = _basics(fact) | {
        "purchase_order_number": order.purchase_order_number,
        "invoice_number": fact.invoice_number,
        "is_quantity_change": order.kind == "quantity_change",
        "lines": [_line(line) for line in order.lines],
        "net": order.net.model_dump(),
        "tax": order.tax.model_dump(),
    }
    await queue(tx, _order(fact, "order-confirmation", data))


async def tell_failed(tx: Transaction, fact: OrderFact, envelope: Envelope) -> None:
    """Tell that nothing was bought. Once per order."""
    if fact.order.kind in CONFIRMED_KINDS:
        await queue(tx, _order(fact, "order-failed", _basics(fact)))


async def tell_refunded(tx: Transaction, fact: OrderFact, envelope: Envelope) -> None:
    """Tell that the money comes back. Once per order."""
    await queue(tx, _order(fact, "order-refunded", _basics(fact)))


def _basics(fact: OrderFact) -> dict[str, Any]:
    return {
        "organization_name": fact.organization.name,
        "order_number": fact.order.number,
        "placed_on": day_of(fact.order.placed_at, fact.organization.time_zone),
        "total": fact.order.total.model_dump(),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "product_name": line.product_name or line.product_code,
        "quantity": line.quantity,
        "interval": line.interval,
        "net": line.net.model_dump(),
    }


def _order(fact: OrderFact, template: str, data: dict[str, Any]) -> Order:
    return Order(
        template=template,
        occasion=fact.order.id,
        recipient=to_buyer(fact.buyer, fact.organization),
        data=data,
        correlation=f"order:{fact.order.id}",
        organization_id=fact.organization.id,
    )
