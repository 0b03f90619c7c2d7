"""Pay a subscription with another card or mandate."""

from chassis.db.transaction import Transaction
from shop.payment_methods import queries as payment_methods
from shop.payments.queries import open_charge
from shop.subscriptions import store
from shop.subscriptions.views import SubscriptionView


async def change_payment_method(
    tx: Transaction, subscription: SubscriptionView, *, payment_method_id: str
) -> SubscriptionView:
    """Charge the other method from now on; an outstanding renewal is tried with it at once.

    Raises SubscriptionEndedAlready, NotBilledHere, PaymentMethodNotFound.
    """
    subscription.require_live()
    method = await payment_methods.get(tx, organization_id=subscription.organization_id, method_id=payment_method_id)
    values: dict[str, object] = {"payment_method_id": method.id}
    if await _waits_for_a_retry(tx, subscription):
        values["due_at"] = tx.now
        tx.rouse(store.RENEW)
    return await store.change(tx, subscription.id, values)


async def _waits_for_a_retry(tx: Transaction, subscription: SubscriptionView) -> bool:
    """Whether a renewal is unpaid and may be tried now: not while the outcome of an attempt is unknown."""
    if subscription.renewal_order_id is None or subscription.status != "past_due":
        return False
    waiting = await open_charge(tx, subscription.renewal_order_id)
    return waiting is None or waiting.status == "action_required"
