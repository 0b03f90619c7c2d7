"""The archive and the transfer as the customer sees them."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shop.values import Amount, Texts


class ArchivedOneOff(BaseModel):
    """A one-off license: usable until `until` or until its units are used up, whichever there is.

    `units_left` is what is left now; while the license management cannot be asked, as of the export that the
    transfer was made from.
    """

    legacy_id: str
    product_code: str
    product_name: Texts
    quantity: int | None
    purchased_on: date | None
    until: date | None
    units_total: int | None
    units_left: int | None
    has_ended: bool


class ArchivedLine(BaseModel):
    """A line of an order of the old shop."""

    line_no: str
    product_code: str
    product_name: Texts
    description: str
    quantity: int | None
    unit_price: Amount | None
    subscription_number: str | None
    one_off_license: ArchivedOneOff | None


class ArchivedOrder(BaseModel):
    """An order of the old shop, as it was; amounts and times are null where the old shop's cannot be read.

    `is_transferred`: it is in the order history of this shop, too, as `order_id`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "O3000041",
                    "number": "WEB-3000041",
                    "placed_at": "2026-08-11T10:00:00Z",
                    "status": "paid",
                    "net": {"amount": 19000, "currency": "EUR"},
                    "tax": {"amount": 3610, "currency": "EUR"},
                    "total": {"amount": 22610, "currency": "EUR"},
                    "invoice_number": "RE-2026-3000041",
                    "is_transferred": False,
                    "order_id": None,
                    "lines": [],
                }
            ]
        }
    )

    id: str = Field(description="The order's id in the old shop.")
    number: str
    placed_at: datetime | None
    status: str
    net: Amount | None
    tax: Amount | None
    total: Amount | None
    invoice_number: str | None
    is_transferred: bool
    order_id: str | None
    lines: list[ArchivedLine]


class MovedSubscription(BaseModel):
    """A subscription that goes on here."""

    id: str
    number: str
    product_code: str
    product_name: Texts
    quantity: int
    next_renewal_on: date = Field(description="As of the transfer.")
    next_charge: Amount


class MovedMethod(BaseModel):
    """A payment method that goes on being charged."""

    id: str
    kind: str
    label: str


class Stayed(BaseModel):
    """Something that stayed in the old shop: why, and until when it can be used."""

    kind: Literal["subscription", "one_off_license", "order", "payment_method"]
    legacy_id: str
    number: str | None
    product_code: str | None
    product_name: Texts | None
    code: str
    detail: str
    until: date | None
    units_left: int | None


class TransferOverview(BaseModel):
    """What moved from the old shop, what stayed there, and until when.

    `seats_waiting`: how many seats had to be assigned to colleagues on the day of the transfer.
    """

    transferred_at: datetime
    transfer_on: date
    subscriptions: list[MovedSubscription]
    payment_methods: list[MovedMethod]
    orders_moved: int
    orders_in_archive: int
    seats: int
    seats_assigned: int
    seats_waiting: int
    stayed: list[Stayed]
