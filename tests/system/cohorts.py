"""An old shop of small cohorts, one for each thing that can become of a wave. All of them German, all free of faults."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from chassis.kernel.periods import add_months

PRODUCT = "PARTS-CAT"
UNIT_PRICE = 41000
"""Not what the catalogue asks for: what is charged later shows whose price it is."""

QUANTITY = 3
TABLES = ("customers", "subscriptions", "orders", "order_lines", "payment_methods", "one_off_licenses")
ONE_OFF_COLUMNS = [
    "legacy_id",
    "customer_id",
    "product_code",
    "quantity",
    "purchased_on",
    "expires_on",
    "units_total",
    "units_used",
]


def members_of(cohort: str, size: int) -> list[str]:
    """The old shop's ids of a cohort's customers."""
    return [f"{cohort}-{number}" for number in range(1, size + 1)]


def email_of(customer: str) -> str:
    """The buyer's address."""
    return f"buyer@{customer}.example"


def method_of(customer: str) -> str:
    """What the payment provider calls the customer's card."""
    return f"pm_{customer}"


def an_old_shop(
    cohorts: dict[str, int], *, exported_on: date, renews_on: date, products: dict[str, str] | None = None
) -> dict[str, bytes]:
    """The export: every customer has one yearly subscription that renews on `renews_on`; some of another product."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for cohort, size in cohorts.items():
        for customer in members_of(cohort, size):
            product = (products or {}).get(customer, PRODUCT)
            _add(rows, customer, product, renews_on, exported_on)
    return {f"{table}.csv": _written(rows[table]) for table in TABLES}


def _add(rows: dict[str, list[dict[str, Any]]], customer: str, product: str, renews_on: date, today: date) -> None:
    started = add_months(renews_on, -12)
    rows["customers"].append({
        "legacy_id": customer, "company": f"Werkstatt {customer}", "email": email_of(customer), "first_name": "Eva",
        "last_name": "Muster", "country": "DE", "language": "de", "time_zone": "Europe/Berlin", "vat_id": "",
        "street": "Gasse 1", "postal_code": "50667", "city": "Köln", "phone": "",
    })  # fmt: skip
    rows["payment_methods"].append({
        "legacy_id": f"M-{customer}", "customer_id": customer, "kind": "card", "provider": "sandbox",
        "provider_customer": f"cus_{customer}", "provider_method": method_of(customer), "brand": "visa",
        "last4": "4242", "exp_month": "12", "exp_year": str(today.year + 5), "mandate_reference": "",
        "mandate_signed_on": "",
    })  # fmt: skip
    rows["subscriptions"].append({
        "legacy_id": f"S-{customer}", "customer_id": customer, "number": number_of(customer), "product_code": product,
        "quantity": QUANTITY, "status": "active", "auto_renew": "true", "interval": "year",
        "unit_price_minor": UNIT_PRICE, "currency": "EUR", "started_on": started.isoformat(),
        "term_start": started.isoformat(), "term_end": (renews_on - timedelta(days=1)).isoformat(),
        "next_renewal_on": renews_on.isoformat(), "payment_method_id": f"M-{customer}", "invoice_number": "",
    })  # fmt: skip
    net = QUANTITY * UNIT_PRICE
    rows["orders"].append({
        "legacy_id": f"O-{customer}", "customer_id": customer, "number": f"W-{customer}",
        "placed_at": f"{started.isoformat()}T09:00:00Z", "status": "paid", "currency": "EUR", "net_minor": net,
        "tax_minor": net * 19 // 100, "total_minor": net + net * 19 // 100, "invoice_number": "",
    })  # fmt: skip
    rows["order_lines"].append({
        "order_id": f"O-{customer}", "line_no": 1, "product_code": product, "description": "", "quantity": QUANTITY,
        "unit_price_minor": UNIT_PRICE, "subscription_id": f"S-{customer}", "one_off_license_id": "",
    })  # fmt: skip


def number_of(customer: str) -> str:
    """The subscription's number, in the old shop as in the new."""
    return f"SUB-{customer}"


def _written(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]) if rows else ONE_OFF_COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
