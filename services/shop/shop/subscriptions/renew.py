"""Renew what is due: one term at a time, each term once.

The row is locked while it is decided what to do; the charge is written down as an intent, and the provider is called
with no lock held. Parallel sweeps skip each other's rows, a unique index allows one renewal order per (subscription,
term), and a clock that jumps over several terms renews them one after the other.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Literal

from chassis.db.transaction import Database, Transaction
from chassis.kernel.clock import start_of_day
from shop.catalog.queries import CatalogSnapshot
from shop.customers import queries as customers
from shop.customers.queries import CustomerView
from shop.edges import Edges
from shop.orders.pricing import Priced, price
from shop.orders.queries import find as find_order
from shop.orders.record import Draft, Occasion, record
from shop.orders.views import OrderView
from shop.payment_methods import queries as payment_methods
from shop.payments.charge import Charge, abandon, collect, intend
from shop.payments.queries import open_charge
from shop.subscriptions import store
from shop.subscriptions.conclude_renewal import conclude_renewal, decline, succeed
from shop.subscriptions.end import end
from shop.subscriptions.hold import hold
from shop.subscriptions.rules import must_be_held
from shop.subscriptions.views import SubscriptionView

LOOK_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done after the decision is committed. `again`: look once more, another term may be due."""

    kind: Literal["nothing", "again", "collect", "abandon"]
    charge: Charge | None = None


async def renew(database: Database, edges: Edges, subscription_id: str) -> bool:
    """Take the next step with a due subscription; True when there may be another one. Harmless when nothing is due."""
    catalog = await edges.shelves.snapshot()
    async with database.transaction(actor="system:renewals") as tx:
        step = await _decide(tx, edges, catalog, subscription_id)
    conclude = partial(conclude_renewal, seller=edges.seller, catalog=catalog)
    if step.charge is not None:
        ask = collect if step.kind == "collect" else abandon
        await ask(database, edges.providers, step.charge, conclude=conclude)
    return step.kind != "nothing"


async def _decide(tx: Transaction, edges: Edges, catalog: CatalogSnapshot, subscription_id: str) -> Step:
    subscription = await store.lock_due(tx, subscription_id)
    if subscription is None:
        return Step("nothing")
    customer = await customers.get(tx, subscription.organization_id)
    if subscription.renewal_order_id is not None:
        return await _retry(tx, catalog, subscription, customer)
    if subscription.cancel_at_term_end:
        await end(tx, subscription, customer, catalog, reason="cancelled")
        return Step("again")
    return await _order(tx, edges, catalog, subscription, customer)


async def _order(
    tx: Transaction, edges: Edges, catalog: CatalogSnapshot, subscription: SubscriptionView, customer: CustomerView
) -> Step:
    amount = subscription.renewal_quantity * subscription.unit_price_minor
    reason = must_be_held(
        expected_net=subscription.expected_renewal_minor, net=amount, customer_is_held=customer.is_held
    )
    if reason is not None:
        await hold(tx, subscription, customer, catalog, reason=reason)
        return Step("nothing")
    priced = price(
        customer,
        [amount],
        tax_mode=subscription.tax_mode,
        seller_country=edges.seller.country,
        on=subscription.next_renewal_on,
    )
    order = await _record(tx, catalog, subscription, customer, priced)
    if order is None:
        return Step("nothing")
    values = {"renewal_order_id": order.id, "due_at": None, "failed_attempts": 0}
    subscription = await store.change(tx, subscription.id, values)
    if order.total == 0:
        await succeed(tx, subscription, order, customer, seller=edges.seller, catalog=catalog, instrument=None)
        return Step("again")
    return await _charge(tx, catalog, subscription, customer, order)


async def _record(
    tx: Transaction,
    catalog: CatalogSnapshot,
    subscription: SubscriptionView,
    customer: CustomerView,
    priced: Priced,
) -> OrderView | None:
    line = Draft(
        product_code=subscription.product_code,
        product_name=dict(catalog.name_of(subscription.product_code)),
        quantity=subscription.renewal_quantity,
        interval=subscription.interval,
        unit_price=subscription.unit_price_minor,
        subscription_id=subscription.id,
    )
    return await record(
        tx,
        customer=customer,
        kind="renewal",
        lines=[line],
        totals=priced.totals,
        decision=priced.decision,
        currency=subscription.currency,
        payment_method_id=subscription.payment_method_id,
        tax_mode=subscription.tax_mode,
        occasion=Occasion(subscription.id, subscription.fence, subscription.next_renewal_on),
    )


async def _charge(
    tx: Transaction,
    catalog: CatalogSnapshot,
    subscription: SubscriptionView,
    customer: CustomerView,
    order: OrderView,
) -> Step:
    if subscription.payment_method_id is None:
        await decline(tx, subscription, order, customer, catalog=catalog, failure_code="no_payment_method")
        return Step("again")
    method = await payment_methods.to_charge(
        tx, organization_id=subscription.organization_id, method_id=subscription.payment_method_id
    )
    charge = await intend(
        tx,
        order_id=order.id,
        attempt=subscription.failed_attempts + 1,
        purpose="renewal",
        organization_id=subscription.organization_id,
        payment_method_id=method.id,
        instrument=method.instrument,
        amount=order.money,
    )
    return Step("collect", charge)


async def _retry(
    tx: Transaction, catalog: CatalogSnapshot, subscription: SubscriptionView, customer: CustomerView
) -> Step:
    order = await find_order(tx, subscription.renewal_order_id or "")
    waiting = await open_charge(tx, order.id)
    if waiting is not None and waiting.status == "action_required":
        return Step("abandon", waiting)
    if waiting is not None:
        # The sweep over open charges finds out how it went; nothing is tried again before that.
        await store.change(tx, subscription.id, {"due_at": tx.now + LOOK_AGAIN_AFTER})
        return Step("nothing")
    if subscription.cancel_at_term_end:
        await end(tx, subscription, customer, catalog, reason="cancelled")
        return Step("again")
    if _ends_now(subscription, customer):
        await end(tx, subscription, customer, catalog, reason="unpaid")
        return Step("again")
    subscription = await store.change(tx, subscription.id, {"due_at": None})
    return await _charge(tx, catalog, subscription, customer, order)


def _ends_now(subscription: SubscriptionView, customer: CustomerView) -> bool:
    """Whether it is due for its end, not for another attempt: the last one was made, and nobody paid since."""
    ends_on = subscription.ends_unpaid_on
    return ends_on is not None and subscription.due_at == start_of_day(ends_on, customer.time_zone)
