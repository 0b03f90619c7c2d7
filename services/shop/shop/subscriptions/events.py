"""What subscriptions tell the other services; every event carries the whole subscription as it is now."""

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from chassis.facts import Event
from shop.parties import Buyer, Org
from shop.values import Amount, Texts


class Term(BaseModel):
    """The paid days, both inclusive, in the organization's time zone."""

    model_config = ConfigDict(frozen=True)

    first_day: date
    last_day: date


class SubscriptionBody(BaseModel):
    """A subscription as it is now. `grace_until`: the last day of access while payment is outstanding."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: str
    organization_id: str
    product_code: str
    product_name: Texts
    applications: list[str]
    quantity: int
    status: Literal["active", "past_due", "ended"]
    interval: Literal["month", "year"]
    started_on: date
    term: Term
    next_renewal_on: date
    cancel_at_term_end: bool
    pending_quantity: int | None
    price: Amount
    payment_method_id: str | None
    billing_owner: Literal["old_shop", "none", "new_shop"]
    fence: int
    origin: Literal["new", "transferred"]
    transfer_id: str | None
    grace_until: date | None


class SubscriptionEvent(Event):
    """Common to all events of a subscription. `previous`: the fields that changed, as they were."""

    subject_field: ClassVar[str] = "subscription.id"

    subscription: SubscriptionBody
    organization: Org
    buyer: Buyer
    invoice_number: str | None
    order_id: str | None
    previous: dict[str, Any] | None
    release: list[str] | None
    ended_reason: str | None


class SubscriptionStarted(SubscriptionEvent):
    """A paid order line began a subscription."""

    event_type: ClassVar[str] = "shop.subscription.started.v1"


class SubscriptionTransferred(SubscriptionEvent):
    """A subscription of the old shop is billed here from now on; its term, price and number are unchanged."""

    event_type: ClassVar[str] = "shop.subscription.transferred.v1"


class SubscriptionRenewed(SubscriptionEvent):
    """The next term is paid. A smaller quantity takes effect now; `release` names the assignments given up."""

    event_type: ClassVar[str] = "shop.subscription.renewed.v1"


class SubscriptionQuantityChanged(SubscriptionEvent):
    """The quantity changed within the term."""

    event_type: ClassVar[str] = "shop.subscription.quantity_changed.v1"


class SubscriptionCancelScheduled(SubscriptionEvent):
    """It will end with its term."""

    event_type: ClassVar[str] = "shop.subscription.cancel_scheduled.v1"


class SubscriptionCancelUndone(SubscriptionEvent):
    """It will renew after all."""

    event_type: ClassVar[str] = "shop.subscription.cancel_undone.v1"


class SubscriptionPastDue(SubscriptionEvent):
    """A renewal is not paid yet; access goes on until `grace_until`."""

    event_type: ClassVar[str] = "shop.subscription.past_due.v1"


class SubscriptionRecovered(SubscriptionEvent):
    """The outstanding renewal is paid."""

    event_type: ClassVar[str] = "shop.subscription.recovered.v1"


class SubscriptionEnded(SubscriptionEvent):
    """It is over: `cancelled`, `unpaid` or `rolled_back` (put back into the old shop)."""

    event_type: ClassVar[str] = "shop.subscription.ended.v1"


class PaymentProblem(Event):
    """Common to the events of a renewal that could not simply be collected."""

    subject_field: ClassVar[str] = "subscription_id"

    organization: Org
    buyer: Buyer
    subscription_id: str
    subscription_number: str
    amount: Amount
    attempt: int
    next_retry_on: date | None
    action_url: str | None
    grace_until: date | None
    ends_unpaid_on: date | None
    failure_code: str | None


class PaymentFailed(PaymentProblem):
    """An attempt to collect a renewal was declined."""

    event_type: ClassVar[str] = "shop.payment.failed.v1"


class PaymentActionRequired(PaymentProblem):
    """The payer has to confirm the payment at `action_url`."""

    event_type: ClassVar[str] = "shop.payment.action_required.v1"
