"""What the shop tells about transfers. The subject is the transfer; `organization.id` is minted here."""

from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from chassis.facts import Event
from shop.parties import Buyer, Org
from shop.values import Texts


class TransferEvent(Event):
    """Common to all: whose transfer, when, and how often its date was set (`revision`)."""

    subject_field: ClassVar[str] = "transfer_id"

    transfer_id: str
    wave_id: str
    organization: Org
    legacy_customer_id: str
    buyer: Buyer
    transfer_on: date
    revision: int


class TransferAnnounced(TransferEvent):
    """Two weeks before the transfer, or at once on short notice; again whenever its date changes."""

    event_type: ClassVar[str] = "shop.transfer.announced.v1"

    short_notice: bool
    previous_transfer_on: date | None
    subscriptions_count: int
    seats_count: int


class TransferProduct(BaseModel):
    """A product that moves."""

    model_config = ConfigDict(frozen=True)

    product_code: str
    product_name: Texts
    quantity: int
    number: str


class TransferReminderDue(TransferEvent):
    """One day before the transfer."""

    event_type: ClassVar[str] = "shop.transfer.reminder_due.v1"

    products: list[TransferProduct]


class TransferredSubscription(BaseModel):
    """A subscription that moved."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: str
    product_code: str
    product_name: Texts
    quantity: int
    last_day: date


class StayingOneOff(BaseModel):
    """A one-off license that stays in the old shop and goes on unlocking its product until it ends."""

    model_config = ConfigDict(frozen=True)

    legacy_id: str
    product_code: str
    product_name: Texts
    quantity: int
    first_day: date
    last_day: date | None
    units_total: int | None
    units_used: int | None
    applications: list[str]


class TransferredCustomer(BaseModel):
    """The billing data that moved with the organization."""

    model_config = ConfigDict(frozen=True)

    vat_id: str | None
    street: str
    postal_code: str
    city: str
    phone: str


class TransferTransferred(TransferEvent):
    """The customer has moved: organization, subscriptions, orders, payment method. Nothing was charged."""

    event_type: ClassVar[str] = "shop.transfer.transferred.v1"

    transferred_at: datetime
    customer: TransferredCustomer
    subscriptions: list[TransferredSubscription]
    one_offs: list[StayingOneOff]


class TransferActivationReminderDue(TransferEvent):
    """The buyer has not activated the account three (`step` 1) or ten (`step` 2) days after the transfer."""

    event_type: ClassVar[str] = "shop.transfer.activation_reminder_due.v1"

    step: int


class TransferFailed(TransferEvent):
    """On the day, the customer could not be moved and is left exactly as before; `code` says why."""

    event_type: ClassVar[str] = "shop.transfer.failed.v1"

    code: str
    detail: str


class TransferPostponed(TransferEvent):
    """The transfer of one customer, announced already, was put off to another day."""

    event_type: ClassVar[str] = "shop.transfer.postponed.v1"

    previous_transfer_on: date
    reason: str | None


class TransferRolledBack(TransferEvent):
    """The customer was put back into the old shop before activating the account or buying anything."""

    event_type: ClassVar[str] = "shop.transfer.rolled_back.v1"

    reason: str | None


class TransferSettled(TransferEvent):
    """The first renewal was paid here, or thirty days passed without one falling due."""

    event_type: ClassVar[str] = "shop.transfer.settled.v1"

    first_renewal_at: datetime | None


EVENTS: tuple[type[Event], ...] = (
    TransferAnnounced,
    TransferReminderDue,
    TransferTransferred,
    TransferActivationReminderDue,
    TransferFailed,
    TransferPostponed,
    TransferRolledBack,
    TransferSettled,
)
