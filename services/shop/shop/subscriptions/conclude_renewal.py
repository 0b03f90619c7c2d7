"""What follows from the outcome of a renewal's payment."""

from datetime import timedelta
from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.clock import start_of_day
from chassis.kernel.periods import term_after
from chassis.ops.logging import get_logger
from shop.catalog.queries import CatalogSnapshot
from shop.customers import queries as customers
from shop.customers.queries import CustomerView
from shop.invoices.seller import Seller
from shop.orders.invoice import invoice
from shop.orders.queries import find as find_order
from shop.orders.record import lock as lock_order
from shop.orders.record import mark, mark_paid
from shop.orders.views import OrderView
from shop.payments.charge import Charge
from shop.payments.provider import Instrument
from shop.subscriptions import store
from shop.subscriptions.announce import announce, announce_payment_problem
from shop.subscriptions.end import end
from shop.subscriptions.errors import SubscriptionNotFound
from shop.subscriptions.events import (
    PaymentActionRequired,
    PaymentFailed,
    SubscriptionPastDue,
    SubscriptionRecovered,
    SubscriptionRenewed,
)
from shop.subscriptions.rules import after_failure, day_after_term
from shop.subscriptions.views import SubscriptionView

log = get_logger(__name__)


async def conclude_renewal(tx: Transaction, charge: Charge, *, seller: Seller, catalog: CatalogSnapshot) -> None:
    """Renew, or begin or go on with the retries. Runs in the transaction that records the outcome, so exactly once."""
    subscription_id = (await find_order(tx, charge.order_id)).subscription_id or ""
    subscription = await store.lock(tx, subscription_id)
    if subscription is None:
        raise SubscriptionNotFound
    order = await lock_order(tx, charge.order_id)
    customer = await customers.get(tx, order.organization_id)
    match charge.status:
        case "succeeded":
            await succeed(
                tx, subscription, order, customer, seller=seller, catalog=catalog, instrument=charge.instrument
            )
        case "action_required":
            await mark(tx, order.id, status="action_required")
            await _wait(tx, subscription, order, customer, catalog, charge)
        case _ if charge.attempt <= subscription.failed_attempts:
            # It waited for the payer before, so it has been counted and announced; the next attempt has its day.
            await mark(tx, order.id, status="placed", failure_code=charge.failure_code)
        case _:
            await decline(tx, subscription, order, customer, catalog=catalog, failure_code=charge.failure_code)


async def succeed(
    tx: Transaction,
    subscription: SubscriptionView,
    order: OrderView,
    customer: CustomerView,
    *,
    seller: Seller,
    catalog: CatalogSnapshot,
    instrument: Instrument | None,
) -> None:
    """The next term is paid: invoice it, move the term on, tell the others."""
    term = term_after(subscription.started_on, subscription.term_last_day, subscription.interval)
    last_day = day_after_term(term) - timedelta(days=1)
    issued = await invoice(
        tx,
        order=order,
        customer=customer,
        seller=seller,
        instrument=instrument,
        period=(term.first_day, last_day),
    )
    await mark_paid(tx, order, customer, invoice_number=issued.number)
    if subscription.status == "ended":
        log.error("renewal.paid_after_end", subscription_id=subscription.id, order_id=order.id)
        return
    renewed = await store.change(tx, subscription.id, _next_term(subscription, order, customer, issued.number))
    parties: dict[str, Any] = {"catalog": catalog, "organization": customer.org, "buyer": customer.buyer}
    if subscription.status == "past_due":
        announce(tx, SubscriptionRecovered, renewed, order_id=order.id, **parties)
    previous = {
        "term": {"first_day": subscription.term_first_day, "last_day": subscription.term_last_day},
        "quantity": subscription.quantity,
    }
    announce(
        tx,
        SubscriptionRenewed,
        renewed,
        order_id=order.id,
        previous=previous,
        release=subscription.pending_release,
        **parties,
    )


async def decline(
    tx: Transaction,
    subscription: SubscriptionView,
    order: OrderView,
    customer: CustomerView,
    *,
    catalog: CatalogSnapshot,
    failure_code: str | None,
) -> None:
    """The attempt failed: try again on the next retry day; after the last one, end when the days of grace are over. A
    cancellation ends it at once: nobody is charged after saying no.
    """
    await mark(tx, order.id, status="placed", failure_code=failure_code)
    today = customer.today(tx)
    since = subscription.past_due_since or today
    dunning = after_failure(past_due_since=since, today=today)
    values = {"failed_attempts": subscription.failed_attempts + 1, "past_due_since": since}
    if subscription.status == "ended":
        return
    if subscription.cancel_at_term_end or dunning.is_over(today):
        reason = "cancelled" if subscription.cancel_at_term_end else "unpaid"
        subscription = await store.change(tx, subscription.id, values)
        await end(tx, subscription, customer, catalog, reason=reason)
        return
    overdue = await store.change(
        tx,
        subscription.id,
        values
        | {
            "status": "past_due",
            "grace_until": dunning.grace_until,
            "due_at": start_of_day(dunning.look_again_on, customer.time_zone),
        },
    )
    if subscription.status == "active":
        announce(
            tx,
            SubscriptionPastDue,
            overdue,
            catalog=catalog,
            organization=customer.org,
            buyer=customer.buyer,
            order_id=order.id,
        )
    announce_payment_problem(
        tx,
        PaymentFailed,
        overdue,
        organization=customer.org,
        buyer=customer.buyer,
        amount=order.money,
        attempt=overdue.failed_attempts,
        dunning=dunning,
        failure_code=failure_code,
        action_url=None,
    )


async def _wait(
    tx: Transaction,
    subscription: SubscriptionView,
    order: OrderView,
    customer: CustomerView,
    catalog: CatalogSnapshot,
    charge: Charge,
) -> None:
    """The payer has to confirm. Until then it counts as a failed attempt: there is a retry day and an end."""
    today = customer.today(tx)
    since = subscription.past_due_since or today
    dunning = after_failure(past_due_since=since, today=today)
    overdue = await store.change(
        tx,
        subscription.id,
        {
            "failed_attempts": charge.attempt,
            "past_due_since": since,
            "status": "past_due",
            "grace_until": dunning.grace_until,
            "due_at": start_of_day(dunning.look_again_on, customer.time_zone),
        },
    )
    parties: dict[str, Any] = {"organization": customer.org, "buyer": customer.buyer}
    if subscription.status == "active":
        announce(tx, SubscriptionPastDue, overdue, catalog=catalog, order_id=order.id, **parties)
    announce_payment_problem(
        tx,
        PaymentActionRequired,
        overdue,
        amount=order.money,
        attempt=charge.attempt,
        dunning=dunning,
        failure_code=None,
        action_url=charge.action_url,
        **parties,
    )


def _next_term(
    subscription: SubscriptionView, order: OrderView, customer: CustomerView, invoice_number: str
) -> dict[str, Any]:
    term = term_after(subscription.started_on, subscription.term_last_day, subscription.interval)
    next_renewal_on = day_after_term(term)
    return {
        "term_first_day": term.first_day,
        "term_last_day": term.last_day,
        "next_renewal_on": next_renewal_on,
        "due_at": start_of_day(next_renewal_on, customer.time_zone),
        "quantity": subscription.renewal_quantity,
        "pending_quantity": None,
        "pending_release": None,
        "status": "active",
        "invoice_number": invoice_number,
        "renewal_order_id": None,
        "expected_renewal_minor": None,
        "past_due_since": None,
        "grace_until": None,
        "failed_attempts": 0,
    }
