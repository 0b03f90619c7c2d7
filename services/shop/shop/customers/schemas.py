"""Customers as their own people and operators see them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{2}$")]


class BillingAddress(BaseModel):
    """Where invoices go."""

    street: str
    postal_code: str
    city: str
    country: str


class Customer(BaseModel):
    """An organization as the shop bills it."""

    organization_id: str
    company: str
    email: Annotated[str, Field(description="The buyer who is written to.")]
    first_name: str
    last_name: str
    billing_address: BillingAddress
    phone: str
    country: str
    region: Annotated[str | None, Field(description="The sales region; null while none serves the country.")]
    currency: str | None
    locale: str
    time_zone: str
    vat_id: str | None
    vat_status: Literal["none", "valid_form", "invalid"]
    status: Literal["active", "held", "erased"]
    origin: Literal["new", "transferred"]


class ChangeAddress(BaseModel):
    """Only what is sent changes."""

    model_config = ConfigDict(extra="forbid")

    street: Line | None = None
    postal_code: Line | None = None
    city: Line | None = None
    country: Country | None = None


class ChangeCustomer(BaseModel):
    """Only what is sent changes; an empty or null VAT id removes it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"vat_id": "DE136695976", "billing_address": {"city": "Köln"}}]},
    )

    company: Annotated[Line, Field(min_length=1)] | None = None
    first_name: Line | None = None
    last_name: Line | None = None
    phone: Line | None = None
    vat_id: Line | None = None
    billing_address: ChangeAddress | None = None


class CustomerRecord(Customer):
    """A customer with what only operators see."""

    hold_reason: str | None
    legacy_id: str | None
    created_at: datetime


class HoldCustomer(BaseModel):
    """Why buying and renewing stop."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = "operator"
