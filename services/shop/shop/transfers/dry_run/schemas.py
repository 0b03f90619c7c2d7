"""What a dry run says."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from shop.transfers.schemas import Outcome
from shop.values import Amount


class Reason(BaseModel):
    """A code, its plain sentence, and who can mend it: customer, operator, legacy_shop or nobody."""

    code: str
    detail: str
    who_acts: str


class Charge(BaseModel):
    """The next charge of a subscription: when, how much (net), by which payment method."""

    on: date
    amount: Amount
    payment_method: str


class CheckedSubscription(BaseModel):
    """A subscription in the dry run. `before`: what the old shop charges next; `after`: what this shop will."""

    legacy_id: str
    number: str
    product_code: str
    quantity: int | None
    outcome: str
    detail: str | None
    before: Charge | None
    after: Charge | None
    renewal_after_that: date | None


class CheckedOrder(BaseModel):
    """An order in the dry run."""

    legacy_id: str
    number: str
    status: str
    total: Amount | None
    outcome: str
    detail: str | None


class CheckedMethod(BaseModel):
    """A payment method in the dry run."""

    legacy_id: str
    kind: str
    label: str
    outcome: str
    detail: str | None


class CheckedOneOff(BaseModel):
    """A one-off license stays; `unlocks`: it goes on unlocking its product for the buyer until it ends."""

    legacy_id: str
    product_code: str
    until: date | None
    units_left: int | None
    ended: bool
    unlocks: bool
    outcome: str
    detail: str | None


class CheckedFinding(BaseModel):
    """What the rules noticed, in the export's own place."""

    file: str
    line: int
    column: str
    code: str
    level: str
    key: str
    detail: str


class CheckedCustomer(BaseModel):
    """What the dry run says about one customer: what moves, what stays and why, what blocks, what warns."""

    transfer_id: str | None
    legacy_id: str
    company: str
    email: str
    outcome: Outcome
    codes: list[Reason]
    warnings: list[Reason]
    region: str | None
    locale: str
    time_zone: str
    transfer_on: date
    licenses: int
    seats: int
    auto_assigned: int
    waiting: int
    subscriptions: list[CheckedSubscription]
    orders: list[CheckedOrder]
    payment_methods: list[CheckedMethod]
    one_off_licenses: list[CheckedOneOff]
    findings: list[CheckedFinding]


class Side(BaseModel):
    """Sums of one currency in one shop."""

    subscriptions: int
    subscription_value: int = Field(description="Net value of the next renewals, minor units.")
    orders: int
    order_total: int = Field(description="Totals of the orders, minor units.")


class BothSides(BaseModel):
    """What leaves the old shop and what arrives here, in one currency."""

    currency: str
    old_shop: Side
    new_shop: Side
    is_equal: bool


class WaveCheck(BaseModel):
    """A dry run of a wave: nothing is changed, it can be repeated at any time.

    `summary` adds everything up; `money` compares both shops per currency; `customers` begins the list, which
    `GET /transfer-waves/{id}/customers` goes on with.
    """

    wave_id: str
    transfer_on: date
    checked_at: datetime
    summary: dict[str, Any]
    money: list[BothSides]
    customers: list[CheckedCustomer]
    next_cursor: str | None
