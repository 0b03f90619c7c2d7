"""Cancel a subscription, or think better of it."""

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.customers.queries import CustomerView
from shop.payments.queries import open_charge
from shop.subscriptions import store
from shop.subscriptions.announce import announce
from shop.subscriptions.end import end
from shop.subscriptions.errors import NotCancelled
from shop.subscriptions.events import SubscriptionCancelScheduled, SubscriptionCancelUndone
from shop.subscriptions.views import SubscriptionView


async def cancel(
    tx: Transaction, subscription: SubscriptionView, customer: CustomerView, catalog: CatalogSnapshot
) -> SubscriptionView:
    """End it with its term; one whose renewal is unpaid ends now, and is not tried again. Twice is harmless.

    A payment that is being processed this moment is given up first; should it have gone through, the new term is paid
    and the subscription ends with that. Raises SubscriptionEndedAlready, NotBilledHere.
    """
    subscription.require_live()
    if subscription.status == "past_due":
        return await _stop(tx, subscription, customer, catalog)
    if subscription.cancel_at_term_end:
        return subscription
    cancelled = await store.change(tx, subscription.id, {"cancel_at_term_end": True})
    announce(
        tx,
        SubscriptionCancelScheduled,
        cancelled,
        catalog=catalog,
        organization=customer.org,
        buyer=customer.buyer,
    )
    return cancelled


async def resume(
    tx: Transaction, subscription: SubscriptionView, customer: CustomerView, catalog: CatalogSnapshot
) -> SubscriptionView:
    """Let it renew after all. Raises SubscriptionEndedAlready, NotBilledHere, NotCancelled."""
    subscription.require_live()
    if not subscription.cancel_at_term_end:
        raise NotCancelled
    resumed = await store.change(tx, subscription.id, {"cancel_at_term_end": False})
    announce(tx, SubscriptionCancelUndone, resumed, catalog=catalog, organization=customer.org, buyer=customer.buyer)
    return resumed


async def _stop(
    tx: Transaction, subscription: SubscriptionView, customer: CustomerView, catalog: CatalogSnapshot
) -> SubscriptionView:
    order_id = subscription.renewal_order_id
    waiting = await open_charge(tx, order_id) if order_id else None
    if waiting is None:
        return await end(tx, subscription, customer, catalog, reason="cancelled")
    return await store.change(tx, subscription.id, {"cancel_at_term_end": True, "due_at": tx.now})
