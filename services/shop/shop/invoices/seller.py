"""Who sells: the name, address and tax number on every invoice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seller:
    """The vendor as invoices name it. `country` decides about tax."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    vat_id: str
    email: str
    phone: str
