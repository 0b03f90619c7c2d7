"""What the shop tells about its customers."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from chassis.facts import Event


class BillingAddress(BaseModel):
    """Where invoices go."""

    model_config = ConfigDict(frozen=True)

    street: str
    postal_code: str
    city: str
    country: str


class CustomerChanged(Event):
    """The billing data of an organization changed."""

    event_type: ClassVar[str] = "shop.customer.changed.v1"
    subject_field: ClassVar[str] = "organization_id"

    organization_id: str
    company: str
    country: str
    vat_id: str | None
    phone: str
    billing_address: BillingAddress
