"""Orders as clients see them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shop.values import Amount, Texts

OrderKind = Literal["purchase", "renewal", "quantity_change", "transferred"]
OrderStatus = Literal["placed", "action_required", "paid", "failed", "refunded", "cancelled"]


class Tax(BaseModel):
    """The tax of an order: `S` standard rate, `AE` reverse charge (the buyer owes the tax), `O` outside the Union."""

    category: str
    rate_percent: float
    country: str | None
    reason: str
    amount: Amount


class OrderLine(BaseModel):
    """One product of an order."""

    line_no: int
    product_code: str
    product_name: Texts
    description: str
    quantity: int
    interval: str | None
    unit_price: Amount
    net: Amount
    subscription_id: str | None


class Order(BaseModel):
    """An order with its totals; `transferred` ones come from the old shop and keep its numbers."""

    id: str
    number: str
    organization_id: str
    kind: OrderKind
    status: OrderStatus
    origin: Literal["new", "transferred"]
    currency: str
    lines: list[OrderLine]
    net: Amount
    tax: Tax
    total: Amount
    purchase_order_number: str | None
    payment_method_id: str | None
    invoice_id: str | None
    invoice_number: str | None
    failure_code: str | None
    action_url: Annotated[str | None, Field(description="Where the payer confirms the payment, if that is needed.")]
    placed_at: datetime
    paid_at: datetime | None
