"""Transfers as operators see them: one customer's move from the legacy shop, and its dry run."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shop.values import Amount

State = Literal[
    "planned",
    "announced",
    "reminded",
    "transferring",
    "transferred",
    "activated",
    "settled",
    "failed",
    "postponed",
    "rolled_back",
    "cancelled",
    "held",
]
Outcome = Literal["moves", "blocked", "nothing_to_move"]


class Reason(BaseModel):
    """A code, its plain sentence, and who can mend it: customer, operator, legacy_shop or nobody."""

    code: str
    detail: str
    who_acts: str


class Transfer(BaseModel):
    """One customer's move.

    `state`: planned, announced (two weeks before), reminded (the day before), transferring (waits until the old
    shop's release is confirmed), transferred, activated (the buyer has set a password), settled; or held (a mail
    did not arrive), postponed, failed (with `failure_code`: left exactly as before), rolled_back, cancelled.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "trf_01k4w2t9y8f7d5v3m1q6r0s2xz",
                    "wave_id": "wav_01k4w2t9y8f7d5v3m1q6r0s2xz",
                    "legacy_customer_id": "C10015",
                    "organization_id": "org_01k4w2t9y8f7d5v3m1q6r0s2xz",
                    "company": "Blacharstwo Katowice Sp. z o.o.",
                    "email": "buchhaltung@blacharstwo-katowice.example",
                    "state": "announced",
                    "transfer_on": "2027-02-23",
                    "revision": 1,
                    "outcome": "moves",
                    "codes": [],
                    "warnings": ["invalid_vat_id"],
                    "failure_code": None,
                    "failure_detail": None,
                    "next_at": "2027-02-21T23:00:00Z",
                    "mail_failed": False,
                    "announced_at": "2027-02-09T00:00:00Z",
                    "reminded_at": None,
                    "transferred_at": None,
                    "activated_at": None,
                    "first_sign_in_at": None,
                    "first_renewal_at": None,
                    "settled_at": None,
                }
            ]
        }
    )

    id: str
    wave_id: str
    legacy_customer_id: str
    organization_id: str
    company: str
    email: str
    state: State
    transfer_on: date
    revision: int = Field(description="How often the date was set; part of every mail's identity.")
    outcome: Outcome | None = Field(description="As the rules last decided.")
    codes: list[str] = Field(description="What blocks.")
    warnings: list[str]
    failure_code: str | None
    failure_detail: str | None
    next_at: datetime | None = Field(description="When the next step is due.")
    mail_failed: bool
    announced_at: datetime | None
    reminded_at: datetime | None
    transferred_at: datetime | None
    activated_at: datetime | None
    first_sign_in_at: datetime | None
    first_renewal_at: datetime | None
    settled_at: datetime | None


class TimelineEntry(BaseModel):
    """Something that happened to a transfer."""

    at: datetime
    what: str
    detail: dict[str, Any]
    actor: str


class TransferWithTimeline(Transfer):
    """A transfer with everything that happened to it, the oldest first, and what moved."""

    timeline: list[TimelineEntry]
    moved: dict[str, Any] | None


class PostponeTransfer(BaseModel):
    """The customer's new day; default: two weeks later."""

    model_config = ConfigDict(extra="forbid")

    transfer_on: date | None = None
    reason: str | None = Field(default=None, max_length=500)


class RollBackTransfer(BaseModel):
    """Why the customer is put back."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = Field(default=None, max_length=500)


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


class LegacyCustomer(BaseModel):
    """A customer as the last export tells of them; outcome and codes are those of the import's own check."""

    legacy_id: str
    company: str
    email: str = Field(description="Normalized; empty when the export has no usable address.")
    country: str
    region: str | None
    exported_on: date
    outcome: Literal["moves", "blocked", "nothing_to_move"] | None
    codes: list[str]
    warnings: list[str]
    seats: int
    renews_from: date | None
    renews_to: date | None
    organization_id: str | None
    moved_at: datetime | None
