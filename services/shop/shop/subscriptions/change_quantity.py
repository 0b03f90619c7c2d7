"""Change how many seats a subscription has: more now, fewer from the next renewal."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.db.transaction import Database, Reader, Transaction
from chassis.kernel.errors import FieldError, Invalid
from shop.catalog.queries import CatalogSnapshot
from shop.customers import queries as customers
from shop.customers.errors import CustomerOnHold
from shop.customers.queries import CustomerView
from shop.edges import Edges
from shop.invoices.seller import Seller
from shop.orders.invoice import invoice
from shop.orders.queries import find as find_order
from shop.orders.queries import has_open_change
from shop.orders.record import Draft, Occasion, mark, mark_failed, mark_paid, record
from shop.orders.record import lock as lock_order
from shop.orders.views import OrderView
from shop.payment_methods import queries as payment_methods
from shop.payments.charge import Charge, collect, intend
from shop.payments.errors import PaymentDeclined
from shop.payments.provider import Instrument
from shop.seats.refuse_when_in_use import refuse_when_in_use
from shop.subscriptions import queries, store
from shop.subscriptions.announce import announce
from shop.subscriptions.errors import (
    PaymentInProgress,
    QuantityChangedMeanwhile,
    SubscriptionNotFound,
    SubscriptionPastDue,
)
from shop.subscriptions.events import SubscriptionQuantityChanged
from shop.subscriptions.quantity import QuantityChange, plan_change
from shop.subscriptions.rules import MOST_SEATS
from shop.subscriptions.views import SubscriptionView


@dataclass(frozen=True, slots=True)
class Changed:
    """The subscription as it is now; `waiting_order_id` when the payment of more seats is not decided yet."""

    subscription: SubscriptionView
    waiting_order_id: str | None = None


async def change_quantity(
    database: Database, edges: Edges, *, organization_id: str, subscription_id: str, quantity: int, release: list[str]
) -> Changed:
    """More seats: the rest of the term is charged now, and they are there when it is paid. Fewer: from the renewal on,
    and `release` names the assignments to give up then. The present quantity withdraws a smaller one planned before.

    Raises SubscriptionNotFound, SubscriptionEndedAlready, NotBilledHere, SubscriptionPastDue, PaymentInProgress,
    SeatsInUse, QuantityChangedMeanwhile, CustomerOnHold, PaymentDeclined, Invalid, Unavailable.
    """
    catalog = await edges.shelves.snapshot()
    async with database.read() as reader:
        seen = await queries.get(reader, organization_id=organization_id, subscription_id=subscription_id)
    _refuse_unchangeable(seen, quantity)
    if quantity < seen.quantity:
        await refuse_when_in_use(edges.seat_holders, subscription_id, quantity=quantity, release=release)
    async with database.transaction() as tx:
        subscription = await _changeable(tx, organization_id, subscription_id, quantity)
        if seen.quantity <= quantity < subscription.quantity:
            raise QuantityChangedMeanwhile
        customer = await customers.get(tx, organization_id)
        plan = plan_change(
            subscription,
            customer,
            quantity=quantity,
            seller_country=edges.seller.country,
            today=customer.today(tx),
        )
        if plan.charge_now is None:
            return Changed(await _plan_for_renewal(tx, subscription, quantity, release))
        if customer.is_held:
            raise CustomerOnHold
        order = await _order(tx, catalog, subscription, customer, plan)
        if order.total == 0:
            await _succeed(tx, order, customer, seller=edges.seller, catalog=catalog, instrument=None)
            return Changed(await _found(tx, subscription_id))
        charge = await _intend(tx, subscription, order)
    conclude = partial(conclude_quantity_change, seller=edges.seller, catalog=catalog)
    charge = await collect(database, edges.providers, charge, conclude=conclude)
    if charge.status == "declined":
        raise PaymentDeclined(
            "The payment method was declined, so the quantity stays as it was.",
            order_id=order.id,
            failure_code=charge.failure_code,
        )
    async with database.read() as reader:
        found = await _found(reader, subscription_id)
    return Changed(found, None if charge.status == "succeeded" else order.id)


async def conclude_quantity_change(
    tx: Transaction, charge: Charge, *, seller: Seller, catalog: CatalogSnapshot
) -> None:
    """More seats when it is paid, none when it is not. Runs in the transaction that records the outcome."""
    order = await find_order(tx, charge.order_id)
    await store.lock(tx, order.subscription_id or "")
    order = await lock_order(tx, charge.order_id)
    customer = await customers.get(tx, order.organization_id)
    match charge.status:
        case "succeeded":
            await _succeed(tx, order, customer, seller=seller, catalog=catalog, instrument=charge.instrument)
        case "action_required":
            await mark(tx, order.id, status="action_required")
        case _:
            await mark_failed(tx, order, customer, failure_code=charge.failure_code)


async def _changeable(tx: Transaction, organization_id: str, subscription_id: str, quantity: int) -> SubscriptionView:
    subscription = await store.lock(tx, subscription_id)
    if subscription is None or subscription.organization_id != organization_id:
        raise SubscriptionNotFound
    _refuse_unchangeable(subscription, quantity)
    if subscription.renewal_order_id is not None or await has_open_change(tx, subscription_id):
        raise PaymentInProgress
    return subscription


def _refuse_unchangeable(subscription: SubscriptionView, quantity: int) -> None:
    subscription.require_live()
    if not 1 <= quantity <= MOST_SEATS:
        detail = f"The quantity lies between 1 and {MOST_SEATS}. To have none, cancel the subscription."
        raise Invalid(errors=[FieldError("/quantity", "invalid_quantity", detail)])
    if subscription.status == "past_due":
        raise SubscriptionPastDue("Please settle the outstanding payment first.")


async def _plan_for_renewal(
    tx: Transaction, subscription: SubscriptionView, quantity: int, release: list[str]
) -> SubscriptionView:
    is_smaller = quantity < subscription.quantity
    return await store.change(
        tx,
        subscription.id,
        {
            "pending_quantity": quantity if is_smaller else None,
            "pending_release": release if is_smaller and release else None,
            "expected_renewal_minor": None,
        },
    )


async def _order(
    tx: Transaction,
    catalog: CatalogSnapshot,
    subscription: SubscriptionView,
    customer: CustomerView,
    plan: QuantityChange,
) -> OrderView:
    priced = plan.charge_now
    if priced is None:
        raise ValueError("Nothing to charge.")
    more = plan.quantity - subscription.quantity
    line = Draft(
        product_code=subscription.product_code,
        product_name=dict(catalog.name_of(subscription.product_code)),
        quantity=more,
        interval=subscription.interval,
        unit_price=subscription.unit_price_minor,
        subscription_id=subscription.id,
        description=f"{plan.effective_on.isoformat()} – {subscription.term_last_day.isoformat()}",
    )
    order = await record(
        tx,
        customer=customer,
        kind="quantity_change",
        lines=[line],
        totals=priced.totals,
        decision=priced.decision,
        currency=subscription.currency,
        payment_method_id=subscription.payment_method_id,
        tax_mode=subscription.tax_mode,
        occasion=Occasion(
            subscription.id, subscription.fence, change={"from": subscription.quantity, "to": plan.quantity}
        ),
    )
    if order is None:
        raise PaymentInProgress
    return order


async def _intend(tx: Transaction, subscription: SubscriptionView, order: OrderView) -> Charge:
    method = await payment_methods.to_charge(
        tx, organization_id=subscription.organization_id, method_id=subscription.payment_method_id or ""
    )
    return await intend(
        tx,
        order_id=order.id,
        attempt=1,
        purpose="quantity_change",
        organization_id=subscription.organization_id,
        payment_method_id=method.id,
        instrument=method.instrument,
        amount=order.money,
    )


async def _succeed(
    tx: Transaction,
    order: OrderView,
    customer: CustomerView,
    *,
    seller: Seller,
    catalog: CatalogSnapshot,
    instrument: Instrument | None,
) -> None:
    subscription = await _found(tx, order.subscription_id or "")
    change: dict[str, Any] = order.change or {}
    today = customer.today(tx)
    issued = await invoice(
        tx,
        order=order,
        customer=customer,
        seller=seller,
        instrument=instrument,
        period=(min(today, subscription.term_last_day), subscription.term_last_day),
    )
    await mark_paid(tx, order, customer, invoice_number=issued.number)
    changed = await store.change(
        tx,
        subscription.id,
        {
            "quantity": subscription.quantity + change["to"] - change["from"],
            "pending_quantity": None,
            "pending_release": None,
            "expected_renewal_minor": None,
        },
    )
    announce(
        tx,
        SubscriptionQuantityChanged,
        changed,
        catalog=catalog,
        organization=customer.org,
        buyer=customer.buyer,
        order_id=order.id,
        previous={"quantity": subscription.quantity},
    )


async def _found(reader: Reader, subscription_id: str) -> SubscriptionView:
    subscription = await store.find(reader, subscription_id)
    if subscription is None:
        raise SubscriptionNotFound
    return subscription
