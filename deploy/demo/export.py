"""Writes the demo's legacy export: the canonical CSV bundle of the old shop, with dates around today."""

import csv
import io
import unicodedata
import zipfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from chassis.kernel.periods import add_months
from deploy.demo.catalogue import price_of
from deploy.demo.customers import CAST, CURRENCY, TIME_ZONE, DemoCustomer

STATUS_OF_TROUBLE = {
    "on_hold": "on_hold",
    "cancel_scheduled": "pending_cancel",
    "terminated": "cancelled",
    "expired": "expired",
}
TAX_PER_MILLE = {"DE": 190, "AT": 200, "FR": 200, "IT": 220, "CH": 81, "GB": 200, "US": 0, "NO": 250}
FILES = ("customers", "subscriptions", "orders", "order_lines", "payment_methods", "one_off_licenses")


@dataclass
class Export:
    """The rows of each file."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in FILES})

    def add(self, file: str, **row: Any) -> None:
        """Append a row to a file."""
        self.rows[file].append(row)

    def as_zip(self) -> bytes:
        """The bundle, as an operator would upload it."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in FILES:
                archive.writestr(f"{name}.csv", self._as_csv(name))
        return packed.getvalue()

    def _as_csv(self, name: str) -> str:
        text = io.StringIO()
        columns = list(dict.fromkeys(column for row in self.rows[name] for column in row))
        writer = csv.DictWriter(text, columns, restval="")
        writer.writeheader()
        writer.writerows(self.rows[name])
        return text.getvalue()


def legacy_id(number: int) -> str:
    """The old shop's id of the customer at this place of the cast (from 1)."""
    return f"C{1000 + number}"


def email_of(customer: DemoCustomer) -> str:
    """The buyer's address: first name at the company."""
    name = _plain(customer.first_name)
    company = "-".join(_plain(word) for word in customer.company.split()[:2] if _plain(word))
    return f"{name}@{company}.example"


def build_export(today: date) -> Export:
    """The whole export as of `today`."""
    export = Export()
    for number, customer in enumerate(CAST, start=1):
        add_rows(export, number, customer, today)
    return export


def add_rows(export: Export, number: int, customer: DemoCustomer, today: date) -> None:
    """Everything the old shop knows of one customer."""
    _add_customer(export, number, customer)
    _add_method(export, number, customer, today)
    _add_subscription(export, number, customer, today)
    if number % 3 == 0:
        _add_second_product(export, number, customer, today)
    if number % 5 == 1:
        _add_one_off(export, number, customer, today)


def _add_customer(export: Export, number: int, customer: DemoCustomer) -> None:
    export.add(
        "customers",
        legacy_id=legacy_id(number),
        company=customer.company,
        email="" if customer.trouble == "missing_email" else email_of(customer),
        first_name=customer.first_name,
        last_name=customer.last_name,
        country=customer.country,
        language=customer.language,
        time_zone=TIME_ZONE[customer.country],
        street=f"{customer.last_name} {number}",
        postal_code=str(10000 + 37 * number),
        city=customer.company.split()[0],
        phone=f"+00 555 01{number:02}",
    )


def _add_method(export: Export, number: int, customer: DemoCustomer, today: date) -> None:
    if customer.trouble == "method_missing":
        return
    is_sepa = (CURRENCY[customer.country] == "EUR" and number % 2 == 0) or customer.trouble == "mandate_incomplete"
    signed = customer.trouble != "mandate_incomplete"
    export.add(
        "payment_methods",
        legacy_id=f"M{4000 + number}",
        customer_id=legacy_id(number),
        kind="sepa_debit" if is_sepa else "card",
        provider="sandbox",
        provider_customer=f"cus_{legacy_id(number)}",
        provider_method=f"pm_demo_{number:04}",
        brand="" if is_sepa else "visa",
        last4=f"{4200 + number}",
        exp_month="" if is_sepa else "12",
        exp_year="" if is_sepa else str(today.year + 3),
        mandate_reference=f"MD-{number:05}" if is_sepa and signed else "",
        mandate_signed_on=(today - timedelta(days=400)).isoformat() if is_sepa and signed else "",
    )


def _add_subscription(export: Export, number: int, customer: DemoCustomer, today: date) -> None:
    term_end = today + timedelta(days=40 + (number * 7) % 300)
    if customer.trouble == "expired":
        term_end = today - timedelta(days=30)
    _add_term(export, f"{2000 + number}", number, customer, customer.product, customer.seats, term_end)


def _add_second_product(export: Export, number: int, customer: DemoCustomer, today: date) -> None:
    product = "SITE-REPORTS" if customer.product != "SITE-REPORTS" else "DRAFT-LITE"
    term_end = today + timedelta(days=60 + (number * 11) % 280)
    _add_term(export, f"{6000 + number}", number, customer, product, max(1, customer.seats // 2), term_end)


def _add_term(
    export: Export, key: str, number: int, customer: DemoCustomer, product: str, seats: int, term_end: date
) -> None:
    term_start = add_months(term_end + timedelta(days=1), -12)
    currency = CURRENCY[customer.country]
    price = price_of(product, currency if currency != "NOK" else "EUR", "year")
    sold_as = "OLD-WARE" if customer.trouble == "unmapped_product" else product
    export.add(
        "subscriptions",
        legacy_id=f"S{key}",
        customer_id=legacy_id(number),
        number=f"SUB-{key}",
        product_code=sold_as,
        quantity=seats,
        status=STATUS_OF_TROUBLE.get(customer.trouble, "active"),
        auto_renew="false" if customer.trouble == "not_auto_renewing" else "true",
        interval="year",
        unit_price_minor=price,
        currency=currency,
        started_on=term_start.isoformat(),
        term_start=term_start.isoformat(),
        term_end=term_end.isoformat(),
        next_renewal_on=(term_end + timedelta(days=1)).isoformat(),
        payment_method_id="" if customer.trouble == "method_missing" else f"M{4000 + number}",
        invoice_number=f"INV-{key}",
    )
    _add_order(export, key, number, customer, term_start, currency, net=price * seats)
    export.add(
        "order_lines",
        order_id=f"O{key}",
        line_no=1,
        product_code=sold_as,
        description="First term",
        quantity=seats,
        unit_price_minor=price,
        subscription_id=f"S{key}",
        one_off_license_id="",
    )


def _add_order(
    export: Export, key: str, number: int, customer: DemoCustomer, placed_on: date, currency: str, net: int
) -> None:
    tax = net * TAX_PER_MILLE[customer.country] // 1000
    export.add(
        "orders",
        legacy_id=f"O{key}",
        customer_id=legacy_id(number),
        number=f"WEB-{key}",
        placed_at=f"{placed_on.isoformat()}T09:30:00Z",
        status="paid",
        currency=currency,
        net_minor=net,
        tax_minor=tax,
        total_minor=net + tax,
        invoice_number=f"INV-{key}",
    )


def _add_one_off(export: Export, number: int, customer: DemoCustomer, today: date) -> None:
    key = f"{7000 + number}"
    by_units = number % 2 == 0
    bought_on = today - timedelta(days=100)
    _add_order(export, key, number, customer, bought_on, CURRENCY[customer.country], net=15000)
    export.add(
        "order_lines",
        order_id=f"O{key}",
        line_no=1,
        product_code="FLEET-PLANNER",
        description="One-off license",
        quantity=1,
        unit_price_minor=15000,
        subscription_id="",
        one_off_license_id=f"L{key}",
    )
    export.add(
        "one_off_licenses",
        legacy_id=f"L{key}",
        customer_id=legacy_id(number),
        product_code="FLEET-PLANNER",
        quantity=1,
        purchased_on=bought_on.isoformat(),
        expires_on="" if by_units else (today + timedelta(days=265)).isoformat(),
        units_total=50 if by_units else "",
        units_used=8 if by_units else "",
    )


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("ø", "o"))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())
