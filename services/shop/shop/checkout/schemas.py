"""What is sent to buy, and the quote."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from shop.orders.schemas import Tax
from shop.values import Amount, Texts

EXAMPLE = {
    "lines": [{"product_code": "cad-pro", "interval": "year", "quantity": 5}],
    "payment_method_id": "pay_01k3zq8x5v9n2m4r7t6w1y0abc",
    "purchase_order_number": "PO-4711",
}


class WantedLine(BaseModel):
    """A product, how often it is paid (`month` or `year`), and how many seats."""

    model_config = ConfigDict(extra="forbid")

    product_code: Annotated[str, StringConstraints(max_length=64)]
    interval: Annotated[str | None, Field(description="`month` or `year`; anything else is a one-off purchase.")] = None
    quantity: StrictInt = 1


class QuoteOrder(BaseModel):
    """What an order would be about."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"lines": EXAMPLE["lines"]}]})

    lines: Annotated[list[WantedLine], Field(min_length=1, max_length=100)]
    payment_method_id: str | None = None
    purchase_order_number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] | None = None


class PlaceOrder(QuoteOrder):
    """An order; without a payment method the default one pays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})


class QuotedLine(BaseModel):
    """A line with its price."""

    product_code: str
    product_name: Texts
    interval: str
    quantity: int
    unit_price: Amount
    net: Amount


class Quote(BaseModel):
    """What an order would cost today, and what each renewal will."""

    region: str
    currency: str
    tax_mode: str
    lines: list[QuotedLine]
    net: Amount
    tax: Tax
    total: Amount
