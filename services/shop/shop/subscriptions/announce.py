"""Tell the other services what became of a subscription."""

from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.money import Money
from shop.catalog.queries import CatalogSnapshot
from shop.parties import Buyer, Org
from shop.subscriptions.events import PaymentProblem, SubscriptionBody, SubscriptionEvent, Term
from shop.subscriptions.rules import Dunning
from shop.subscriptions.views import SubscriptionView
from shop.values import Amount, Texts


def announce(
    tx: Transaction,
    kind: type[SubscriptionEvent],
    subscription: SubscriptionView,
    *,
    catalog: CatalogSnapshot,
    organization: Org,
    buyer: Buyer,
    order_id: str | None = None,
    previous: dict[str, Any] | None = None,
    release: list[str] | None = None,
) -> None:
    """Emit an event of `kind` with the subscription as it is now."""
    tx.emit(
        kind(
            subscription=body_of(subscription, catalog),
            organization=organization,
            buyer=buyer,
            invoice_number=subscription.invoice_number,
            order_id=order_id,
            previous=previous,
            release=release,
            ended_reason=subscription.ended_reason,
        )
    )


def announce_payment_problem(
    tx: Transaction,
    kind: type[PaymentProblem],
    subscription: SubscriptionView,
    *,
    organization: Org,
    buyer: Buyer,
    amount: Money,
    attempt: int,
    dunning: Dunning,
    failure_code: str | None,
    action_url: str | None,
) -> None:
    """Emit that a renewal could not simply be collected, and what happens next."""
    tx.emit(
        kind(
            organization=organization,
            buyer=buyer,
            subscription_id=subscription.id,
            subscription_number=subscription.number,
            amount=Amount.of(amount),
            attempt=attempt,
            next_retry_on=dunning.next_retry_on,
            action_url=action_url,
            grace_until=dunning.grace_until,
            ends_unpaid_on=dunning.ends_unpaid_on,
            failure_code=failure_code,
        )
    )


def body_of(subscription: SubscriptionView, catalog: CatalogSnapshot) -> SubscriptionBody:
    """The subscription as events carry it."""
    return SubscriptionBody(
        id=subscription.id,
        number=subscription.number,
        organization_id=subscription.organization_id,
        product_code=subscription.product_code,
        product_name=Texts(**catalog.name_of(subscription.product_code)),
        applications=list(catalog.applications_of(subscription.product_code)),
        quantity=subscription.quantity,
        status=subscription.status,
        interval=subscription.interval,
        started_on=subscription.started_on,
        term=Term(first_day=subscription.term_first_day, last_day=subscription.term_last_day),
        next_renewal_on=subscription.next_renewal_on,
        cancel_at_term_end=subscription.cancel_at_term_end,
        pending_quantity=subscription.pending_quantity,
        price=Amount.minor(subscription.unit_price_minor, subscription.currency),
        payment_method_id=subscription.payment_method_id,
        billing_owner=subscription.billing_owner,
        fence=subscription.fence,
        origin=subscription.origin,
        transfer_id=subscription.transfer_id,
        grace_until=subscription.grace_until,
    )
