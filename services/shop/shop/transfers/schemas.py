"""Transfers as operators see them: one customer's move from the legacy shop, and its dry run."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

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
