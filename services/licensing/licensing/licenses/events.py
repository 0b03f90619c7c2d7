"""What licensing promises to tell about licenses."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from chassis.facts import Event
from licensing.organizations.snapshots import Buyer, Organization


class Term(BaseModel):
    """The days that are paid for, both included; no last day for a one-off license without expiry."""

    model_config = ConfigDict(frozen=True)

    first_day: date
    last_day: date | None


class LicenseBody(BaseModel):
    """A license as it is after the change."""

    model_config = ConfigDict(frozen=True)

    id: str
    organization_id: str
    product_code: str
    status: str
    term: Term
    quantity: int
    assigned: int
    free: int
    over_quantity: int
    subscription_id: str | None
    subscription_number: str | None
    invoice_number: str | None
    origin: str


class LicenseEvent(Event):
    """What all events about licenses carry."""

    subject_field: ClassVar[str] = "license.id"

    license: LicenseBody
    product_name: dict[str, str]
    organization: Organization
    buyer: Buyer | None


class LicenseGranted(LicenseEvent):
    """A subscription started or was transferred, or a one-off license came along with a transfer."""

    event_type: ClassVar[str] = "licensing.license.granted.v1"


class LicenseRenewed(LicenseEvent):
    """A further term was paid for; open-ended assignments go on."""

    event_type: ClassVar[str] = "licensing.license.renewed.v1"


class LicenseSuspended(LicenseEvent):
    """Access stopped because a payment is missing; all assignments are kept."""

    event_type: ClassVar[str] = "licensing.license.suspended.v1"


class LicenseResumed(LicenseEvent):
    """Access is given again after a suspension."""

    event_type: ClassVar[str] = "licensing.license.resumed.v1"


class LicenseResized(LicenseEvent):
    """The number of seats changed; `over_quantity` seats too many are still held until they are given up."""

    event_type: ClassVar[str] = "licensing.license.resized.v1"

    previous_quantity: int


class LicenseEnded(LicenseEvent):
    """Access ended for good."""

    event_type: ClassVar[str] = "licensing.license.ended.v1"

    ended_reason: str | None


class SeatsLow(LicenseEvent):
    """The last free seat of the organization's license was assigned."""

    event_type: ClassVar[str] = "licensing.seats.low.v1"


class SeatsWaiting(LicenseEvent):
    """Seven days after the grant, seats of the license still wait for somebody. Once per license."""

    event_type: ClassVar[str] = "licensing.seats.waiting.v1"


EVENTS: list[type[Event]] = [
    LicenseGranted,
    LicenseRenewed,
    LicenseSuspended,
    LicenseResumed,
    LicenseResized,
    LicenseEnded,
    SeatsLow,
    SeatsWaiting,
]
