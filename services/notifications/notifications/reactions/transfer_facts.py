"""What the events of a transfer say, as far as mails need it."""

from datetime import date, datetime
from typing import Any

from pydantic import AliasChoices, Field

from chassis.facts import Fact
from notifications.reactions.facts import Buyer, Org, Texts


class TransferFact(Fact):
    """What every event of a transfer says."""

    transfer_id: str
    organization: Org
    buyer: Buyer
    transfer_on: date
    revision: int = 1

    @property
    def correlation(self) -> str:
        """What finds all mails of this transfer."""
        return f"transfer:{self.transfer_id}"


class AnnouncedFact(TransferFact):
    """The date that holds."""

    short_notice: bool = False
    previous_transfer_on: date | None = None
    subscriptions_count: int = 0
    seats_count: int = 0


class MovingProduct(Fact):
    """A product that moves tomorrow."""

    product_code: str = ""
    product_name: Texts | str | None = Field(default=None, validation_alias=AliasChoices("product_name", "name"))
    quantity: int = 1


class ReminderFact(TransferFact):
    """What moves tomorrow."""

    products: list[MovingProduct] = []
    seats_count: int | None = None


class MovedSubscription(Fact):
    """A subscription that moved."""

    number: str
    product_code: str
    product_name: Texts | str | None = None
    quantity: int
    last_day: date

    @property
    def data(self) -> dict[str, Any]:
        """What the texts need."""
        return {
            "number": self.number,
            "product_name": self.product_name or self.product_code,
            "quantity": self.quantity,
            "last_day": self.last_day,
        }


class StayingLicense(Fact):
    """A one-off license that did not move."""

    product_code: str
    product_name: Texts | str | None = None
    quantity: int = 1
    last_day: date | None = None
    units_total: int | None = None
    units_used: int | None = None

    @property
    def data(self) -> dict[str, Any]:
        """What the texts need."""
        total = self.units_total
        return {
            "product_name": self.product_name or self.product_code,
            "quantity": self.quantity,
            "last_day": self.last_day,
            "units_left": None if total is None else max(0, total - (self.units_used or 0)),
        }


class TransferredFact(TransferFact):
    """What moved, and what stayed."""

    transferred_at: datetime
    subscriptions: list[MovedSubscription] = []
    one_offs: list[StayingLicense] = []

    @property
    def waiting_seats(self) -> int:
        """Of all seats of a product one is the buyer's; the others wait for colleagues."""
        quantities: dict[str, int] = {}
        for subscription in self.subscriptions:
            code = subscription.product_code
            quantities[code] = quantities.get(code, 0) + subscription.quantity
        return sum(max(0, quantity - 1) for quantity in quantities.values())


class ActivationReminderFact(TransferFact):
    """The account has not been activated for some days."""

    transferred_at: datetime | None = None
    step: int


class PostponedFact(TransferFact):
    """The move has a later date."""

    previous_transfer_on: date | None = None
