"""Customers as answers."""

from typing import Any

from sqlalchemy import Row

from shop.customers.queries import CustomerView, view_of
from shop.customers.schemas import BillingAddress, Customer, CustomerRecord


def shown(view: CustomerView) -> Customer:
    """What a customer sees of itself."""
    return Customer.model_validate(_fields(view))


def record_of(row: Row[Any]) -> CustomerRecord:
    """What operators see of a customer."""
    return CustomerRecord.model_validate(
        {
            **_fields(view_of(row)),
            "hold_reason": row.hold_reason,
            "legacy_id": row.legacy_id,
            "created_at": row.created_at,
        }
    )


def _fields(view: CustomerView) -> dict[str, Any]:
    names = Customer.model_fields.keys() - {"billing_address"}
    address = BillingAddress(street=view.street, postal_code=view.postal_code, city=view.city, country=view.country)
    return {name: getattr(view, name) for name in names} | {"billing_address": address}
