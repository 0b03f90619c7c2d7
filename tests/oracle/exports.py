"""Exports of invented legacy shops: as many customers as wanted, every kind of fault among them, the same for a seed."""

import csv
import io
import random
from datetime import date, timedelta
from typing import Any

TODAY, TRANSFER_ON = date(2027, 2, 5), date(2027, 2, 23)
COUNTRIES = "DE AT FR IT NL BE ES CZ CH PL GB US".split()  # noqa: SIM905
VATS = {
    "DE": "DE123456789",
    "FR": "FR12345678901",
    "PL": "PL 123-456-78-90",
    "NL": "NL123456789B01",
    "AT": "ATU12345678",
}
STATUSES = ["active"] * 12 + ["on_hold", "pending_cancel", "cancelled", "expired"]


def an_export(catalogue: dict[str, Any], *, customers: int, seed: int) -> dict[str, bytes]:
    """The six files, by name; about half of the customers are free of faults."""
    dice = random.Random(seed)
    shop = _Shop(catalogue, dice)
    for number in range(customers):
        shop.add_customer(number)
    shop.add_strays()
    return shop.files()


class _Shop:
    def __init__(self, catalogue: dict[str, Any], dice: random.Random) -> None:
        self.dice = dice
        self.regions = {c: r for r in catalogue["regions"] for c in r["countries"]}
        self.products = [p["code"] for p in catalogue["products"]]
        self.price = {(p["product"], p["region"], p["interval"]): p["amount"] for p in catalogue["prices"]}
        self.tables: dict[str, list[dict[str, str]]] = {
            name: []
            for name in ("customers", "subscriptions", "orders", "order_lines", "payment_methods", "one_off_licenses")
        }

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def add_customer(self, number: int) -> None:
        known, country = f"K{number:06d}", self.dice.choice(COUNTRIES)
        row = {
            "legacy_id": known, "company": f"Werkstatt {number}; Söhne", "email": f"Buyer{number}@firma-{number}.example",
            "first_name": "Ana", "last_name": "Ömer", "country": country, "language": self.dice.choice(["de", "fr", "en", "it", "de-AT", ""]),
            "time_zone": self.dice.choice(["", "Europe/Berlin", "Europe/Lisbon"]), "vat_id": VATS.get(country, ""),
            "street": "Straße 1\nHinterhaus" if self.chance(0.1) else "Straße 1", "postal_code": "12345", "city": "Köln", "phone": "",
        }  # fmt: skip
        self._spoil_customer(row, number)
        self.tables["customers"].append(row)
        methods = [self._add_method(known, n) for n in range(self.dice.choice([1, 1, 1, 2]))]
        for n in range(self.dice.choice([0, 1, 1, 2, 3])):
            self._add_subscription(known, n, country, methods)
        if self.chance(0.1):
            self._add_one_off(known)
        if self.chance(0.01):
            self.tables["customers"].append({**row, "phone": "other"} if self.chance(0.5) else dict(row))

    def _spoil_customer(self, row: dict[str, str], number: int) -> None:
        faults = [
            ("email", ""), ("email", "a@b.example, c@d.example"), ("email", f"buyer{max(0, number - 1)}@firma-{max(0, number - 1)}.example"),
            ("country", ""), ("country", "NO"), ("vat_id", "DE12"), ("language", "Klingon"), ("time_zone", "Mars/Olympus"),
        ]  # fmt: skip
        for column, value in faults:
            if self.chance(0.012):
                row[column] = value

    def _add_method(self, known: str, number: int) -> str:
        legacy_id, is_card = f"M{known}-{number}", self.chance(0.6)
        row = {
            "legacy_id": legacy_id, "customer_id": known, "kind": "card" if is_card else "sepa_debit", "provider": "sandbox",
            "provider_customer": f"cus_{known}", "provider_method": f"pm_{known}{number}", "brand": "visa" if is_card else "",
            "last4": "4242", "exp_month": str(self.dice.randint(1, 12)) if is_card else "", "exp_year": str(self.dice.choice([2027, 2028, 2029])) if is_card else "",
            "mandate_reference": "" if is_card else f"MD-{known}", "mandate_signed_on": "" if is_card else "2026-05-01",
        }  # fmt: skip
        for column, value in (
            ("kind", "cheque"), ("provider", "paypal"), ("provider_customer", ""), ("provider_method", ""),
            ("mandate_reference", ""), ("mandate_signed_on", "soon"), ("exp_month", ""),
        ):  # fmt: skip
            if self.chance(0.008):
                row[column] = value
        self.tables["payment_methods"].append(row)
        if self.chance(0.005):
            self.tables["payment_methods"].append({**row, "brand": "amex"} if self.chance(0.5) else dict(row))
        return legacy_id

    def _add_subscription(self, known: str, number: int, country: str, methods: list[str]) -> None:
        legacy_id, region = f"S{known}-{number}", self.regions[country]
        interval, product = self.dice.choice(["month", "year"]), self.dice.choice(self.products)
        started = TODAY - timedelta(days=self.dice.randint(0, 1200))
        length = 30 if interval == "month" else 365
        last_day = TODAY + timedelta(days=self.dice.randint(-40, length))
        first_day = last_day - timedelta(days=length - 1)
        row = {
            "legacy_id": legacy_id, "customer_id": known, "number": f"N-{legacy_id}", "product_code": product,
            "quantity": str(self.dice.choice([1, 1, 2, 5, 120])), "status": self.dice.choice(STATUSES),
            "auto_renew": self.dice.choice(["true"] * 8 + ["false", "TRUE"]), "interval": interval,
            "unit_price_minor": str(self.price.get((product, region["code"], interval), 100)), "currency": region["currency"],
            "started_on": min(started, first_day).isoformat(), "term_start": first_day.isoformat(), "term_end": last_day.isoformat(),
            "next_renewal_on": self.dice.choice(["", (last_day + timedelta(days=1)).isoformat()]),
            "payment_method_id": self.dice.choice(methods), "invoice_number": f"RE-{legacy_id}",
        }  # fmt: skip
        for column, value in (
            ("product_code", "FLOPPY"), ("quantity", "0"), ("quantity", "two"), ("unit_price_minor", "-5"), ("unit_price_minor", ""),
            ("unit_price_minor", "1"), ("unit_price_minor", "0"), ("currency", "SEK"), ("started_on", ""), ("term_start", "2029-01-01"),
            ("term_end", "31.12.2027"), ("next_renewal_on", "2028-01-01"), ("payment_method_id", ""), ("payment_method_id", "MK000000-0"),
            ("interval", "quarter"), ("status", "sleeping"), ("auto_renew", "maybe"),
        ):  # fmt: skip
            if self.chance(0.006):
                row[column] = value
        self.tables["subscriptions"].append(row)
        if self.chance(0.004):
            self.tables["subscriptions"].append({**row, "quantity": "9"} if self.chance(0.5) else dict(row))
        for n in range(self.dice.choice([0, 1, 1, 2])):
            self._add_order(f"O{legacy_id}-{n}", known, legacy_id, product, region["currency"])

    def _add_order(self, order: str, known: str, subscription: str, product: str, currency: str) -> None:
        self.tables["orders"].append({
            "legacy_id": order, "customer_id": known, "number": f"W-{order}", "placed_at": "2026-10-01T08:00:00+02:00",
            "status": self.dice.choice(["paid", "paid", "refunded", "cancelled", "failed"]), "currency": currency,
            "net_minor": "1000", "tax_minor": "190", "total_minor": "1190", "invoice_number": f"R-{order}",
        })  # fmt: skip
        named = self.dice.choice([subscription] * 9 + ["S-GONE"])
        self.tables["order_lines"].append({
            "order_id": order, "line_no": "1", "product_code": product, "description": "Zeile \"eins\"", "quantity": "1",
            "unit_price_minor": "1000", "subscription_id": named, "one_off_license_id": "",
        })  # fmt: skip

    def _add_one_off(self, known: str) -> None:
        self.tables["one_off_licenses"].append({
            "legacy_id": f"L{known}", "customer_id": known, "product_code": self.dice.choice([*self.products, "FLOPPY"]), "quantity": "1",
            "purchased_on": "2026-03-01", "expires_on": self.dice.choice(["", "2027-02-28", "2027-02-01"]),
            "units_total": self.dice.choice(["", "10"]), "units_used": self.dice.choice(["", "3", "10"]),
        })  # fmt: skip

    def add_strays(self) -> None:
        for name in ("orders", "subscriptions", "payment_methods", "one_off_licenses"):
            if self.tables[name]:
                row = dict(self.dice.choice(self.tables[name]))
                self.tables[name].append({**row, "legacy_id": f"{row['legacy_id']}-stray", "customer_id": "K-GONE"})

    def files(self) -> dict[str, bytes]:
        return {f"{name}.csv": self._written(rows) for name, rows in self.tables.items()}

    def _written(self, rows: list[dict[str, str]]) -> bytes:
        columns = [*rows[0], "remark;ours"]
        self.dice.shuffle(columns)
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(
            buffer,
            columns,
            delimiter=self.dice.choice(",;"),
            lineterminator=self.dice.choice(["\n", "\r\n"]),
            restval="x",
        )
        writer.writeheader()
        writer.writerows(rows)
        text = buffer.getvalue() + self.dice.choice(["", "\n", "\r\n\r\n"])
        return (b"\xef\xbb\xbf" if self.chance(0.5) else b"") + text.encode()
