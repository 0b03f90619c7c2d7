"""Subscriptions as clients see them."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from shop.values import Amount, Texts

Status = Literal["active", "past_due", "held", "ended"]


class Term(BaseModel):
    """The paid days, both inclusive, in the organization's time zone."""

    first_day: date
    last_day: date


class Subscription(BaseModel):
    """A running, auto-renewing agreement. `held`: an operator looks at its renewal before it is charged."""

    id: str
    number: str
    organization_id: str
    product_code: str
    product_name: Texts
    quantity: int
    interval: Literal["month", "year"]
    unit_price: Amount
    tax_mode: Literal["net", "gross"]
    status: Status
    started_on: date
    term: Term
    next_renewal_on: date
    cancel_at_term_end: bool
    pending_quantity: Annotated[int | None, Field(description="The quantity from the next renewal on.")]
    pending_release: list[str] | None
    payment_method_id: str | None
    invoice_number: str | None
    order_id: str | None
    origin: Literal["new", "transferred"]
    transfer_id: str | None
    billing_owner: Literal["old_shop", "none", "new_shop"]
    grace_until: Annotated[date | None, Field(description="The last day of access while a payment is outstanding.")]
    ends_unpaid_on: Annotated[
        date | None,
        Field(description="The day it ends if that payment is not made; until then paying brings access back."),
    ]
    held_reason: str | None
    renewal: Annotated[Amount, Field(description="What the next renewal charges, net, as it stands now.")]
    promised_renewal: Annotated[
        Amount | None, Field(description="What the dry run of the transfer promised for the first renewal, net.")
    ]
    ended_reason: str | None
    ended_at: datetime | None
    created_at: datetime


class ReleaseSubscription(BaseModel):
    """What a held renewal charges: the amount as it stands now, or the one that the dry run promised."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"charge": "as_promised"}]})

    charge: Literal["as_it_stands", "as_promised"] = "as_it_stands"


class CancelSubscription(BaseModel):
    """Why, if the customer wants to say."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=500)] | None = None


class ChangeQuantity(BaseModel):
    """How many seats. For fewer than are held at the renewal, `release` names the assignments to give up then."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"quantity": 8}]})

    quantity: StrictInt
    release: Annotated[list[str], Field(max_length=10_000)] = []


class ChangePaymentMethod(BaseModel):
    """Another payment method of the organization."""

    model_config = ConfigDict(extra="forbid")

    payment_method_id: str


class Sum(BaseModel):
    """Net, tax and total."""

    net: Amount
    tax: Amount
    total: Amount


class ChangePreview(BaseModel):
    """What a change of quantity would cost; nothing is changed by asking."""

    quantity: int
    effective_on: date
    charge_now: Annotated[Sum | None, Field(description="The prorated rest of the term; null for fewer seats.")]
    next_renewal_on: date
    renewal: Sum
