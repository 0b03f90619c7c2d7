"""What an invoice says: kept as it was issued, whatever changes afterwards."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from shop.customers.queries import CustomerView
from shop.invoices.seller import Seller


def compose(
    *,
    seller: Seller | None,
    customer: CustomerView,
    order_number: str,
    purchase_order_number: str | None,
    lines: Sequence[dict[str, Any]],
    tax: dict[str, Any],
    payment: dict[str, Any] | None,
    period: tuple[date, date] | None,
) -> dict[str, Any]:
    """The parties, lines and tax decision. Amounts stand in the invoice's own columns."""
    return {
        "locale": customer.locale,
        "seller": asdict(seller) if seller else None,
        "buyer": {
            "company": customer.company,
            "street": customer.street,
            "postal_code": customer.postal_code,
            "city": customer.city,
            "country": customer.country,
            "vat_id": customer.vat_id,
            "email": customer.email,
        },
        "order_number": order_number,
        "purchase_order_number": purchase_order_number,
        "lines": list(lines),
        "tax": tax,
        "payment": payment,
        "period": [day.isoformat() for day in period] if period else None,
    }
