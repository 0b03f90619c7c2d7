"""Begin the subscriptions of a paid order: one per line."""

from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.clock import start_of_day
from chassis.kernel.ids import new_id
from shop.catalog.queries import CatalogSnapshot
from shop.customers.queries import CustomerView
from shop.orders.views import LineView, OrderView
from shop.subscriptions import store
from shop.subscriptions.announce import announce
from shop.subscriptions.events import SubscriptionStarted
from shop.subscriptions.rules import day_after_term, first_term


async def start(
    tx: Transaction,
    *,
    order: OrderView,
    customer: CustomerView,
    tax_mode: str,
    invoice_number: str,
    catalog: CatalogSnapshot,
) -> dict[str, str]:
    """Store and announce them, their first term beginning today at the customer's; answers line id -> subscription id.

    Each keeps the price it was bought at, renewal after renewal.
    """
    rows = [_row(tx, order, line, customer, tax_mode=tax_mode, invoice_number=invoice_number) for line in order.lines]
    for subscription in await store.add(tx, rows, year=customer.today(tx).year):
        announce(
            tx,
            SubscriptionStarted,
            subscription,
            catalog=catalog,
            organization=customer.org,
            buyer=customer.buyer,
            order_id=order.id,
        )
    return {line.id: row["id"] for line, row in zip(order.lines, rows, strict=True)}


def _row(
    tx: Transaction,
    order: OrderView,
    line: LineView,
    customer: CustomerView,
    *,
    tax_mode: str,
    invoice_number: str,
) -> dict[str, Any]:
    today = customer.today(tx)
    interval = line.interval or "year"
    term = first_term(today, interval)
    next_renewal_on = day_after_term(term)
    return {
        "id": new_id("sub"),
        "organization_id": customer.organization_id,
        "product_code": line.product_code,
        "quantity": line.quantity,
        "interval": interval,
        "unit_price_minor": line.unit_price,
        "currency": order.currency,
        "tax_mode": tax_mode,
        "started_on": today,
        "term_first_day": term.first_day,
        "term_last_day": term.last_day,
        "next_renewal_on": next_renewal_on,
        "status": "active",
        "cancel_at_term_end": False,
        "payment_method_id": order.payment_method_id,
        "billing_owner": "new_shop",
        "fence": 1,
        "origin": "new",
        "invoice_number": invoice_number,
        "order_id": order.id,
        "failed_attempts": 0,
        "due_at": start_of_day(next_renewal_on, customer.time_zone),
        "created_at": tx.now,
    }
