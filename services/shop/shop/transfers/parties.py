"""Who a transfer is about, as its events name them."""

from typing import Any

from sqlalchemy import Row

from shop.catalog.queries import CatalogSnapshot
from shop.customers.queries import CustomerView
from shop.parties import Buyer, Org
from shop.transfers.rules.decisions import Decision
from shop.values import Texts


def common(transfer: Row[Any], decision: Decision) -> dict[str, Any]:
    """The fields that every event of a transfer has."""
    customer = decision.customer
    return {
        "transfer_id": transfer.id,
        "wave_id": transfer.wave_id,
        "organization": Org(
            id=transfer.organization_id,
            name=company_of(decision),
            locale=decision.locale,
            time_zone=decision.time_zone,
            country=customer.country.upper(),
            region=decision.region,
        ),
        "legacy_customer_id": transfer.legacy_customer_id,
        "buyer": Buyer(
            email=decision.email,
            first_name=customer.first_name,
            last_name=customer.last_name,
            locale=decision.locale,
        ),
        "transfer_on": transfer.transfer_on,
        "revision": transfer.revision,
    }


def of_moved(transfer: Row[Any], customer: CustomerView) -> dict[str, Any]:
    """The same fields once the customer has moved: from the customer as it is now."""
    return {
        "transfer_id": transfer.id,
        "wave_id": transfer.wave_id,
        "organization": customer.org,
        "legacy_customer_id": transfer.legacy_customer_id,
        "buyer": customer.buyer,
        "transfer_on": transfer.transfer_on,
        "revision": transfer.revision,
    }


def company_of(decision: Decision) -> str:
    """The company's name; the person's where the export has none."""
    customer = decision.customer
    return customer.company or f"{customer.first_name} {customer.last_name}".strip() or customer.email


def product_name(catalog: CatalogSnapshot, product_code: str) -> Texts:
    """A product's name in the four languages."""
    return Texts(**dict(catalog.name_of(product_code)))
