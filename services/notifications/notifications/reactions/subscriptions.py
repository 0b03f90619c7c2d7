"""The mails about subscriptions and the payments of their renewals."""

from datetime import date, timedelta
from typing import Any

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from notifications.messages.queue import Order, queue
from notifications.messages.withdraw import withdraw
from notifications.reactions.expiring import Expiring, schedule_reminder
from notifications.reactions.facts import Buyer, Money, Org, Term, Texts, to_buyer
from notifications.reactions.progress import is_outdated

DAYS_BEFORE_THE_END = 7
CANCELLATION = ("subscription-cancel-scheduled", "subscription-cancel-undone")
PAYMENT = ("payment-failed", "payment-action-required")


class Subscription(Fact):
    """The subscription as it is now."""

    id: str
    number: str
    product_code: str
    product_name: Texts | str | None = None
    quantity: int
    term: Term
    next_renewal_on: date | None = None


class SubscriptionFact(Fact):
    """What every event of a subscription says."""

    subscription: Subscription
    organization: Org
    buyer: Buyer
    invoice_number: str | None = None
    ended_reason: str | None = None

    @property
    def subscription_id(self) -> str:
        """Whose subject the event is."""
        return self.subscription.id

    @property
    def data(self) -> dict[str, Any]:
        """What the texts need."""
        return {
            "organization_name": self.organization.name,
            "subscription_number": self.subscription.number,
            "product_name": self.subscription.product_name or self.subscription.product_code,
            "quantity": self.subscription.quantity,
            "first_day": self.subscription.term.first_day,
            "last_day": self.subscription.term.last_day,
            "next_renewal_on": self.subscription.next_renewal_on,
            "invoice_number": self.invoice_number,
        }


class PaymentFact(Fact):
    """A renewal that could not simply be collected."""

    subscription_id: str
    subscription_number: str
    organization: Org
    buyer: Buyer
    amount: Money
    next_retry_on: date | None = None
    action_url: str | None = None
    grace_until: date | None = None
    ends_unpaid_on: date | None = None

    @property
    def data(self) -> dict[str, Any]:
        """What the texts need."""
        return {
            "organization_name": self.organization.name,
            "subscription_number": self.subscription_number,
            "amount": self.amount.model_dump(),
            "next_retry_on": self.next_retry_on,
            "confirm_url": self.action_url,
            "grace_until": self.grace_until,
            "ends_unpaid_on": self.ends_unpaid_on,
        }


def register(shop: Reactions) -> None:
    """Hear what the shop tells of subscriptions and of payments."""
    shop.on("shop.subscription.renewed.v1", SubscriptionFact)(tell_renewed)
    shop.on("shop.subscription.cancel_scheduled.v1", SubscriptionFact)(tell_cancelled)
    shop.on("shop.subscription.cancel_undone.v1", SubscriptionFact)(tell_undone)
    shop.on("shop.subscription.recovered.v1", SubscriptionFact)(tell_recovered)
    shop.on("shop.subscription.ended.v1", SubscriptionFact)(tell_ended)
    shop.on("shop.payment.failed.v1", PaymentFact)(tell_payment_failed)
    shop.on("shop.payment.action_required.v1", PaymentFact)(ask_for_confirmation)


async def tell_renewed(tx: Transaction, fact: SubscriptionFact, envelope: Envelope) -> None:
    """Tell that the next term is paid. Once per term."""
    await is_outdated(tx, envelope, topic="payment")
    await withdraw(tx, correlation=_correlation(fact), templates=PAYMENT)
    occasion = f"{fact.subscription.id}:{fact.subscription.term.first_day}"
    await queue(tx, _order(fact, "subscription-renewed", occasion))


async def tell_cancelled(tx: Transaction, fact: SubscriptionFact, envelope: Envelope) -> None:
    """Confirm the cancellation, and remind once more shortly before the end."""
    if await is_outdated(tx, envelope, topic="cancellation"):
        return
    await _tell_latest(tx, fact, envelope, "subscription-cancel-scheduled")
    last_day = fact.subscription.term.last_day
    if last_day is not None:
        expiring = Expiring(
            about=fact.subscription.id,
            last_day=last_day,
            recipient=to_buyer(fact.buyer, fact.organization),
            organization_id=fact.organization.id,
            data=fact.data | {"is_one_off": False},
        )
        schedule_reminder(tx, expiring, fact.organization.time_zone, ahead=timedelta(days=DAYS_BEFORE_THE_END))


async def tell_undone(tx: Transaction, fact: SubscriptionFact, envelope: Envelope) -> None:
    """Confirm that the subscription goes on."""
    if await is_outdated(tx, envelope, topic="cancellation"):
        return
    await tx.cancel_jobs(f"expiring:{fact.subscription.id}")
    await _tell_latest(tx, fact, envelope, "subscription-cancel-undone")


async def tell_recovered(tx: Transaction, fact: SubscriptionFact, envelope: Envelope) -> None:
    """Thank for the outstanding payment; a reminder of it that still waits is called off."""
    if not await is_outdated(tx, envelope, topic="payment"):
        await withdraw(tx, correlation=_correlation(fact), templates=PAYMENT)
        await queue(tx, _order(fact, "subscription-recovered", _occasion(fact, envelope)))


async def tell_ended(tx: Transaction, fact: SubscriptionFact, envelope: Envelope) -> None:
    """Tell that it is over. A customer put back into the old shop is told so by the transfer's mail."""
    await is_outdated(tx, envelope, topic="payment")
    await withdraw(tx, correlation=_correlation(fact), templates=(*PAYMENT, *CANCELLATION))
    await tx.cancel_jobs(f"expiring:{fact.subscription.id}")
    if fact.ended_reason != "rolled_back":
        data = fact.data | {"is_unpaid": fact.ended_reason == "unpaid"}
        await queue(tx, _order(fact, "subscription-ended", fact.subscription.id, data))


async def tell_payment_failed(tx: Transaction, fact: PaymentFact, envelope: Envelope) -> None:
    """Ask to check the payment method. Once per attempt; not when the payment has arrived meanwhile."""
    if not await is_outdated(tx, envelope, topic="payment"):
        await queue(tx, _order(fact, "payment-failed", _occasion(fact, envelope)))


async def ask_for_confirmation(tx: Transaction, fact: PaymentFact, envelope: Envelope) -> None:
    """Ask the payer to confirm with their bank. Once per attempt; not when the payment has arrived meanwhile."""
    if not await is_outdated(tx, envelope, topic="payment"):
        await queue(tx, _order(fact, "payment-action-required", _occasion(fact, envelope)))


async def _tell_latest(tx: Transaction, fact: SubscriptionFact, envelope: Envelope, template: str) -> None:
    order = _order(fact, template, _occasion(fact, envelope))
    await withdraw(tx, correlation=_correlation(fact), templates=CANCELLATION, in_favour_of=order)
    await queue(tx, order)


def _occasion(fact: SubscriptionFact | PaymentFact, envelope: Envelope) -> str:
    return f"{fact.subscription_id}:{envelope.sequence}"


def _correlation(fact: SubscriptionFact | PaymentFact) -> str:
    return f"subscription:{fact.subscription_id}"


def _order(
    fact: SubscriptionFact | PaymentFact, template: str, occasion: str, data: dict[str, Any] | None = None
) -> Order:
    return Order(
        template=template,
        occasion=occasion,
        recipient=to_buyer(fact.buyer, fact.organization),
        data=fact.data if data is None else data,
        correlation=_correlation(fact),
        organization_id=fact.organization.id,
    )
