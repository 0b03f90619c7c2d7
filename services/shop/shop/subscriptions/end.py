"""End a subscription."""

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.customers.queries import CustomerView
from shop.orders.record import lock as lock_order
from shop.orders.record import mark_failed
from shop.subscriptions import store
from shop.subscriptions.announce import announce
from shop.subscriptions.events import SubscriptionEnded
from shop.subscriptions.views import SubscriptionView


async def end(
    tx: Transaction,
    subscription: SubscriptionView,
    customer: CustomerView,
    catalog: CatalogSnapshot,
    *,
    reason: str,
) -> SubscriptionView:
    """It is over (`cancelled` or `unpaid`); a renewal that was ordered and never paid fails with it."""
    if subscription.renewal_order_id is not None:
        order = await lock_order(tx, subscription.renewal_order_id)
        await mark_failed(tx, order, customer, failure_code=order.failure_code or reason)
    ended = await store.change(
        tx,
        subscription.id,
        {
            "status": "ended",
            "ended_reason": reason,
            "ended_at": tx.now,
            "due_at": None,
            "renewal_order_id": None,
            "held_reason": None,
            "pending_quantity": None,
            "pending_release": None,
            "grace_until": None,
        },
    )
    announce(tx, SubscriptionEnded, ended, catalog=catalog, organization=customer.org, buyer=customer.buyer)
    return ended
