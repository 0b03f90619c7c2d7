"""Products and prices as clients see them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shop.values import Amount, GivenAmount, GivenText, Texts

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Interval = Literal["month", "year"]


class ProductPrice(BaseModel):
    """What one seat costs per interval in a region."""

    region: str
    interval: Interval
    amount: Amount
    tax_mode: Annotated[Literal["net", "gross"], Field(description="Whether the amount is net or gross of tax.")]
    valid_from: date


class Product(BaseModel):
    """Something sold as a subscription; it unlocks one or more applications."""

    code: str
    name: Texts
    description: Texts
    applications: list[str]
    status: Literal["active", "retired"]
    prices: Annotated[list[ProductPrice], Field(description="The prices valid today in the caller's region.")]


class ProductPage(BaseModel):
    """A page of products."""

    items: list[Product]
    next_cursor: str | None


EXAMPLE = {
    "code": "cad-pro",
    "name": {"en": "CAD Pro", "fr": "CAO Pro", "de": "CAD Pro", "it": "CAD Pro"},
    "description": "Drawing for professionals",
    "applications": ["cad"],
}


class DefineProduct(BaseModel):
    """A new product; texts are plain or per language."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    code: Code
    name: GivenText
    description: GivenText = Field(default="", validate_default=True)  # type: ignore[assignment]
    applications: Annotated[list[Code], Field(max_length=50)] = []


class ChangeProduct(BaseModel):
    """Only what is sent changes."""

    model_config = ConfigDict(extra="forbid")

    name: GivenText | None = None
    description: GivenText | None = None
    applications: Annotated[list[Code], Field(max_length=50)] | None = None
    status: Literal["active", "retired"] | None = None


class Price(BaseModel):
    """A price with its validity, both days inclusive; no `valid_to` = until there is a next one."""

    id: str
    product_code: str
    region: str
    interval: Interval
    amount: Amount
    valid_from: date
    valid_to: date | None


class SetPrice(BaseModel):
    """A price from a day on (default: today in the region). Another one for the same day replaces it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "product_code": "cad-pro",
                    "region": "dach",
                    "interval": "year",
                    "amount": {"amount": 49900, "currency": "EUR"},
                }
            ]
        },
    )

    product_code: Code
    region: str
    interval: Interval
    amount: GivenAmount
    valid_from: date | None = None
