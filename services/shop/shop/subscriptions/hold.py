"""Keep a renewal back until an operator has looked at it."""

from datetime import timedelta

from chassis.db.transaction import Transaction
from chassis.ops.logging import get_logger
from shop.catalog.queries import CatalogSnapshot
from shop.customers.queries import CustomerView
from shop.subscriptions import store
from shop.subscriptions.announce import announce
from shop.subscriptions.errors import NotHeld, PromiseDoesNotFit
from shop.subscriptions.events import SubscriptionPastDue
from shop.subscriptions.rules import DIFFERS, HELD_ACCESS_DAYS
from shop.subscriptions.views import SubscriptionView

log = get_logger(__name__)


async def hold(
    tx: Transaction, subscription: SubscriptionView, customer: CustomerView, catalog: CatalogSnapshot, *, reason: str
) -> None:
    """Charge nothing; the customer keeps access meanwhile, for it is no fault of theirs."""
    log.error("renewal.held", subscription_id=subscription.id, reason=reason)
    held = await store.change(
        tx,
        subscription.id,
        {
            "held_reason": reason,
            "due_at": None,
            "status": "past_due",
            "grace_until": customer.today(tx) + timedelta(days=HELD_ACCESS_DAYS),
        },
    )
    announce(tx, SubscriptionPastDue, held, catalog=catalog, organization=customer.org, buyer=customer.buyer)


async def let_go(tx: Transaction, subscription: SubscriptionView) -> SubscriptionView:
    """Let a held renewal go on at once, as it would be charged now. Raises NotHeld.

    One that waits for its customer keeps its promise: nobody has looked at its amount.
    """
    if subscription.held_reason is None:
        raise NotHeld
    values: dict[str, object] = {"held_reason": None, "due_at": tx.now}
    if subscription.held_reason == DIFFERS:
        values["expected_renewal_minor"] = None
    return await store.change(tx, subscription.id, values)


async def let_go_as_promised(tx: Transaction, subscription: SubscriptionView) -> SubscriptionView:
    """Correct the price to what the dry run promised, then let the renewal go on. Raises NotHeld, PromiseDoesNotFit.

    The corrected price is the subscription's own from now on, as the transferred one was meant to be.
    """
    if subscription.held_reason != DIFFERS or subscription.expected_renewal_minor is None:
        raise NotHeld
    unit_price, rest = divmod(subscription.expected_renewal_minor, subscription.renewal_quantity)
    if rest:
        raise PromiseDoesNotFit
    log.warning("renewal.price_corrected", subscription_id=subscription.id, before=subscription.unit_price_minor)
    return await store.change(
        tx, subscription.id, {"held_reason": None, "due_at": tx.now, "unit_price_minor": unit_price}
    )


async def let_go_all(tx: Transaction, organization_id: str) -> None:
    """The customer is no longer on hold: what waited for that goes on. The guard of the first renewal stays."""
    for subscription in await store.lock_held(tx, organization_id, "customer_on_hold"):
        await store.change(tx, subscription.id, {"held_reason": None, "due_at": tx.now})
