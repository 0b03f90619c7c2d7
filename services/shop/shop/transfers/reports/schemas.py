"""The reports of a wave."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shop.values import Amount

Need = Literal[
    "not_activated",
    "method_expires_before_renewal",
    "seats_waiting",
    "mail_not_delivered",
    "held",
    "failed",
    "first_renewal_held",
    "first_renewal_to_come",
]
Kind = Literal["customers", "subscriptions", "orders", "payment_methods", "one_off_licenses"]


class ReportRow(BaseModel):
    """Counts and sums of one kind of record, in one currency where it has money. Sums are minor units.

    The sum of subscriptions is the net value of their next renewals, the sum of orders their totals.
    """

    kind: Kind
    currency: str | None
    old_count: int
    new_count: int
    old_sum: int | None
    new_sum: int | None
    difference_count: int
    difference_sum: int | None


class Difference(BaseModel):
    """One thing that is not the same on both sides: `what` differs, and how it reads in each shop."""

    kind: Kind
    customer: str
    legacy_id: str
    what: str
    old: str | None
    new: str | None


class NotMoved(BaseModel):
    """A customer of the wave who has not moved: left exactly as before, with the reason if there is one."""

    customer: str
    company: str
    state: str
    code: str | None
    detail: str | None


class SeatCount(BaseModel):
    """Licenses that moved subscriptions grant, their seats, and how many the buyers have to assign."""

    licenses: int
    seats: int
    auto_assigned: int
    waiting: int


class Reconciliation(BaseModel):
    """What left the old shop and what arrived here, side by side.

    The old side is read from the export's own rows, the new side from the orders, subscriptions and payment
    methods as they are now. `is_reconciled`: no difference. `digest`: SHA-256 of the canonical JSON of this
    report (sorted keys, no blanks, UTF-8) without `generated_at` and `digest`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "wave_id": "wav_01k4w2t9y8f7d5v3m1q6r0s2xz",
                    "name": "Pilot",
                    "transfer_on": "2027-02-23",
                    "state": "completed",
                    "generated_at": "2027-02-24T08:00:00Z",
                    "customers": {"transferred": 1},
                    "rows": [
                        {
                            "kind": "subscriptions",
                            "currency": "EUR",
                            "old_count": 2,
                            "new_count": 2,
                            "old_sum": 36950,
                            "new_sum": 36950,
                            "difference_count": 0,
                            "difference_sum": 0,
                        }
                    ],
                    "differences": [],
                    "not_moved": [],
                    "seats": {"licenses": 2, "seats": 8, "auto_assigned": 2, "waiting": 6},
                    "is_reconciled": True,
                    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        }
    )

    wave_id: str
    name: str
    transfer_on: date
    state: str
    generated_at: datetime
    customers: dict[str, int] = Field(description="The customers of the wave by state.")
    rows: list[ReportRow]
    differences: list[Difference]
    not_moved: list[NotMoved]
    seats: SeatCount
    is_reconciled: bool
    digest: str


class ExpectedRenewal(BaseModel):
    """The first renewal after the transfer, as the dry run promised it; another amount is not charged but held.

    `held_reason`: why it was not charged; `now`: what it would charge as it stands. An operator releases it, as it
    stands or as promised, by `POST /subscriptions/{id}/release`.
    """

    subscription_id: str
    number: str
    on: date
    amount: Amount
    now: Amount | None
    held_reason: str | None


class FollowUp(BaseModel):
    """A customer who needs a hand. `seats_waiting` is as of the day of the transfer."""

    transfer_id: str
    legacy_customer_id: str
    organization_id: str
    company: str
    email: str
    state: str
    needs: list[Need]
    seats_waiting: int
    transferred_at: datetime | None
    failure_code: str | None
    first_renewals: list[ExpectedRenewal] = Field(
        description="Still to come; after the first of several was paid, those that are held."
    )


FOLLOW_UP_COLUMNS = (
    "transfer_id",
    "legacy_customer_id",
    "organization_id",
    "company",
    "email",
    "state",
    "needs",
    "seats_waiting",
    "transferred_at",
    "failure_code",
    "first_renewals",
    "held_reason",
)
CSV_COLUMNS = (
    "section",
    "kind",
    "currency",
    "customer",
    "legacy_id",
    "what",
    "old_count",
    "new_count",
    "old_sum",
    "new_sum",
    "old",
    "new",
)


async def csv_rows(report: Reconciliation) -> AsyncIterator[list[Any]]:
    """The report as rows: totals first, then every difference, then who has not moved, then the digest."""
    for row in report.rows:
        counts = [row.old_count, row.new_count, row.old_sum, row.new_sum]
        yield ["total", row.kind, row.currency or "", "", "", "", *counts, "", ""]
    for item in report.differences:
        place = [item.customer, item.legacy_id, item.what]
        yield ["difference", item.kind, "", *place, "", "", "", "", item.old or "", item.new or ""]
    for customer in report.not_moved:
        place = [customer.customer, customer.customer, customer.code or ""]
        yield ["not_moved", "customers", "", *place, "", "", "", "", customer.state, customer.detail or ""]
    yield ["digest", "", "", "", "", report.digest, "", "", "", "", "", ""]
