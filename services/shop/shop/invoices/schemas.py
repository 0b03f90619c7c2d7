"""Invoices as clients see them."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from shop.values import Amount


class Invoice(BaseModel):
    """An issued invoice; `/pdf` and `/xml` beside it are the documents."""

    id: str
    number: str
    order_id: str
    order_number: str
    issued_on: date
    net: Amount
    tax: Amount
    total: Amount
    status: Literal["paid", "refunded", "cancelled", "failed"]
    origin: Literal["new", "transferred"]
