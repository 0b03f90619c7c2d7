"""What orders tell the other services. Amounts are money objects in minor units."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from chassis.facts import Event
from shop.parties import Buyer, Org
from shop.values import Amount, Texts

Kind = Literal["purchase", "renewal", "quantity_change", "transferred"]


class OrderLine(BaseModel):
    """One product of the order."""

    model_config = ConfigDict(frozen=True)

    product_code: str
    product_name: Texts
    quantity: int
    interval: str | None
    unit_price: Amount
    net: Amount
    subscription_id: str | None


class OrderBody(BaseModel):
    """The order as it is now."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: str
    organization_id: str
    status: str
    kind: Kind
    currency: str
    net: Amount
    tax: Amount
    total: Amount
    lines: list[OrderLine]
    placed_at: datetime
    purchase_order_number: str | None


class OrderEvent(Event):
    """Common to all events of an order."""

    subject_field: ClassVar[str] = "order.id"

    order: OrderBody
    organization: Org
    buyer: Buyer
    invoice_number: str | None
    failure_code: str | None


class OrderPlaced(OrderEvent):
    """An order exists and its payment is about to be collected."""

    event_type: ClassVar[str] = "shop.order.placed.v1"


class OrderPaid(OrderEvent):
    """The order is paid; what it bought begins."""

    event_type: ClassVar[str] = "shop.order.paid.v1"


class OrderFailed(OrderEvent):
    """The payment did not come about and is not tried again; `failure_code` says why."""

    event_type: ClassVar[str] = "shop.order.failed.v1"


class OrderRefunded(OrderEvent):
    """The money of a paid order was given back."""

    event_type: ClassVar[str] = "shop.order.refunded.v1"
