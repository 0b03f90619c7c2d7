"""What must become of an export: plain Python over dictionaries, straight from the rule book's tables.

Nothing of the shop is imported here. Where the shop reads rows, this reads whole files; where the shop decides
customer by customer, this goes through the tables of the rule book one after the other.
"""

import calendar
import csv
import io
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

KEYS = {
    "customers": ("legacy_id",),
    "subscriptions": ("legacy_id",),
    "orders": ("legacy_id",),
    "order_lines": ("order_id", "line_no"),
    "payment_methods": ("legacy_id",),
    "one_off_licenses": ("legacy_id",),
}
COLUMNS = {
    "customers": "legacy_id company email first_name last_name country language time_zone vat_id street"
    " postal_code city phone",
    "subscriptions": "legacy_id customer_id number product_code quantity status auto_renew interval"
    " unit_price_minor currency started_on term_start term_end next_renewal_on payment_method_id invoice_number",
    "orders": "legacy_id customer_id number placed_at status currency net_minor tax_minor total_minor invoice_number",
    "order_lines": "order_id line_no product_code description quantity unit_price_minor subscription_id"
    " one_off_license_id",
    "payment_methods": "legacy_id customer_id kind provider provider_customer provider_method brand last4"
    " exp_month exp_year mandate_reference mandate_signed_on",
    "one_off_licenses": "legacy_id customer_id product_code quantity purchased_on expires_on units_total units_used",
}
ZONES = available_timezones()
EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s.,;]+(\.[^@\s.,;]+)+")
VAT = {
    "DE": r"\d{9}",
    "AT": r"U\d{8}",
    "FR": r"[A-Z0-9]{2}\d{9}",
    "IT": r"\d{11}",
    "NL": r"\d{9}B\d{2}",
    "PL": r"\d{10}",
    "GB": r"\d{9}|\d{12}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "CZ": r"\d{8,10}",
    "BE": r"[01]\d{9}",
    "CH": r"E\d{9}(MWST|TVA|IVA)?",
    "EL": r"\d{9}",
}


def verdicts(
    files: dict[str, bytes], catalogue: dict[str, Any], *, today: str, transfer_on: str, providers: set[str]
) -> dict[str, Any]:
    """Outcome and codes of every customer, outcome of every record, and the findings with their places."""
    tables, repeated, notes = {}, defaultdict(set), set()
    for name in KEYS:
        tables[name] = load(name, files[f"{name}.csv"])
    order_owner = {}
    for row in tables["orders"]:
        order_owner.setdefault(row["legacy_id"], row["customer_id"])
    for name in KEYS:
        tables[name] = once_each(name, tables[name], order_owner, repeated, notes)
    export_day, move_day = date.fromisoformat(today), date.fromisoformat(transfer_on)
    world = World(catalogue, providers, export_day, move_day)
    known = {row["legacy_id"] for row in tables["customers"]}
    strays(tables, known, order_owner, notes, repeated)
    mine = {name: of_each_customer(tables[name]) for name in KEYS if name not in ("customers", "order_lines")}
    mine["order_lines"] = defaultdict(list)
    for line in tables["order_lines"]:
        mine["order_lines"][order_owner.get(line["order_id"], "")].append(line)
    addresses = Counter(address(row["email"]) for row in tables["customers"])
    result: dict[str, Any] = {"customers": {}, "subscriptions": {}, "orders": {}, "methods": {}}
    for customer in tables["customers"]:
        judge(
            customer,
            {name: mine[name][customer["legacy_id"]] for name in mine},
            world,
            addresses,
            repeated,
            notes,
            result,
        )
    result["findings"] = notes
    return result


def of_each_customer(rows):
    grouped = defaultdict(list)
    for row in rows:
        grouped[row["customer_id"]].append(row)
    return grouped


class World:
    """The catalogue and the two days."""

    def __init__(self, catalogue: dict[str, Any], providers: set[str], export_day: date, move_day: date) -> None:
        self.region = {c: r for r in catalogue["regions"] for c in r["countries"]}
        self.products = {p["code"] for p in catalogue["products"]}
        self.price = {(p["product"], p["region"], p["interval"]): p["amount"] for p in catalogue["prices"]}
        self.providers, self.export_day, self.move_day = providers, export_day, move_day


def load(name: str, content: bytes) -> list[dict[str, Any]]:
    text = content.decode("utf-8-sig")
    head = text.split("\n", 1)[0]
    dialect = ";" if head.count(";") > head.count(",") else ","
    rows = []
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=dialect)
    header = next(reader)
    before = reader.line_num
    for fields in reader:
        if any(fields):
            record = dict(zip(header, fields, strict=False))
            row = {column: record.get(column, "").strip() for column in COLUMNS[name].split()}
            rows.append({**row, "@": before + 1})
        before = reader.line_num
    return rows


def once_each(name, rows, order_owner, repeated, notes):
    kept: dict[Any, Any] = {}
    contents: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        key = tuple(row[part] for part in KEYS[name])
        content = {column: value for column, value in row.items() if column != "@"}
        if key not in kept:
            kept[key] = row
        else:
            same = content in contents[key]
            code = "duplicate_row" if same else "duplicate_id"
            named = {owner(name, row, order_owner)}
            notes.add((f"{name}.csv", row["@"], KEYS[name][0], code))
            for customer in named if same else named | {owner(name, kept[key], order_owner)}:
                repeated[customer].add(code)
        contents[key].append(content)
    return list(kept.values())


def owner(name, row, order_owner):
    if name == "customers":
        return row["legacy_id"]
    return order_owner.get(row["order_id"], "") if name == "order_lines" else row["customer_id"]


def strays(tables, known, order_owner, notes, repeated):
    singular = {
        "subscriptions": "orphan_subscription",
        "orders": "orphan_order",
        "payment_methods": "orphan_payment_method",
        "one_off_licenses": "orphan_one_off_license",
    }
    for name, code in singular.items():
        for row in tables[name]:
            if row["customer_id"] not in known:
                notes.add((f"{name}.csv", row["@"], "customer_id", code))
    there = {
        "order_id": set(order_owner),
        "subscription_id": {row["legacy_id"] for row in tables["subscriptions"]},
        "one_off_license_id": {row["legacy_id"] for row in tables["one_off_licenses"]},
    }
    for row in tables["order_lines"]:
        for column, ids in there.items():
            if row[column] and row[column] not in ids:
                notes.add(("order_lines.csv", row["@"], column, "orphan_order_line"))
                repeated[order_owner.get(row["order_id"], "")].add("orphan_order_line")


def address(text: str) -> str:
    text = text.strip().lower()
    if not EMAIL.fullmatch(text):
        return ""
    local, domain = text.rsplit("@", 1)
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return ""


def as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def why_it_stays(row, world):
    end = as_day(row["term_end"])
    table = [
        (row["auto_renew"].lower() == "false", "not_auto_renewing"),
        (row["status"] == "on_hold", "on_hold"),
        (row["status"] == "pending_cancel", "cancel_scheduled"),
        (row["status"] == "cancelled", "terminated"),
        (row["status"] == "expired", "expired"),
        (row["status"] == "active" and end is not None and end < world.export_day, "expired"),
        (row["status"] == "active" and end is not None and end < world.move_day, "renews_before_transfer"),
    ]
    return next((code for holds, code in table if holds), "")


def judge(customer, tables, world, addresses, repeated, notes, result):
    mine = customer["legacy_id"]
    subs = tables["subscriptions"]
    reasons = {row["legacy_id"]: why_it_stays(row, world) for row in subs}
    moving = [row for row in subs if not reasons[row["legacy_id"]]]
    blocks, warns = set(), set()
    if moving:
        blocks |= {code for code in repeated[mine] if code == "duplicate_id"}
        found = examine(customer, moving, tables, world, addresses)
        for file, row, column, code, level in found:
            notes.add((f"{file}.csv", row["@"], column, code))
            (blocks if level == "block" else warns).add(code)
    warns |= {code for code in repeated[mine] if code != "duplicate_id"}
    outcome = "nothing_to_move" if not moving else "blocked" if blocks else "moves"
    result["customers"][mine] = {"outcome": outcome, "codes": blocks, "warnings": warns}
    for row in subs:
        result["subscriptions"][row["legacy_id"]] = reasons[row["legacy_id"]] or outcome
    named = {row["legacy_id"] for row in moving}
    lines = defaultdict(set)
    for line in tables["order_lines"]:
        lines[line["order_id"]].add(line["subscription_id"])
    for row in tables["orders"]:
        hit = lines[row["legacy_id"]] & named
        result["orders"][row["legacy_id"]] = outcome if hit else "order_of_nothing_moved"
    used = {row["payment_method_id"] for row in moving}
    for row in tables["payment_methods"]:
        result["methods"][row["legacy_id"]] = outcome if row["legacy_id"] in used else "method_unused"


def examine(customer, moving, tables, world, addresses):
    found = []
    mail = address(customer["email"])
    if not customer["email"]:
        found.append(("customers", customer, "email", "missing_email", "block"))
    elif not mail:
        found.append(("customers", customer, "email", "invalid_email", "block"))
    elif addresses[mail] > 1:
        found.append(("customers", customer, "email", "duplicate_email", "block"))
    region = world.region.get(customer["country"])
    if not customer["country"]:
        found.append(("customers", customer, "country", "missing_country", "block"))
    elif region is None:
        found.append(("customers", customer, "country", "unknown_region", "block"))
    if customer["vat_id"] and not vat_is_fine(customer["vat_id"]):
        found.append(("customers", customer, "vat_id", "invalid_vat_id", "warn"))
    if customer["language"] and customer["language"].lower()[:2] not in ("en", "fr", "de", "it"):
        found.append(("customers", customer, "language", "unknown_language", "warn"))
    if customer["time_zone"] and customer["time_zone"] not in ZONES:
        found.append(("customers", customer, "time_zone", "unknown_time_zone", "warn"))
    methods = {row["legacy_id"]: row for row in tables["payment_methods"]}
    for row in moving:
        found += examine_subscription(row, region, methods, world)
    return found


def examine_subscription(row, region, methods, world):
    here = lambda column, code, level="block": found.append(("subscriptions", row, column, code, level))  # noqa: E731
    found: list[Any] = []
    if row["status"] not in ("active", "on_hold", "pending_cancel", "cancelled", "expired"):
        here("status", "invalid_status")
    if row["auto_renew"].lower() not in ("true", "false"):
        here("auto_renew", "invalid_status")
    if not row["quantity"].isdecimal() or int(row["quantity"]) < 1:
        here("quantity", "invalid_quantity")
    price = int(row["unit_price_minor"]) if row["unit_price_minor"].isdecimal() else None
    if price is None:
        here("unit_price_minor", "invalid_price")
    if row["interval"] not in ("month", "year"):
        here("interval", "invalid_interval")
    start, first, last = (as_day(row[name]) for name in ("started_on", "term_start", "term_end"))
    written = as_day(row["next_renewal_on"]) if row["next_renewal_on"] else None
    due = last + timedelta(days=1) if last else None
    term_is_fine = True
    for wrong, column in (
        (start is None, "started_on"),
        (first is None, "term_start"),
        (last is None or (first is not None and last < first), "term_end"),
        (bool(row["next_renewal_on"]) and written != due, "next_renewal_on"),
    ):
        if wrong:
            here(column, "invalid_term")
            term_is_fine = False
            break
    catalogue = None
    if row["product_code"] not in world.products:
        here("product_code", "unmapped_product")
    elif region is not None and row["interval"] in ("month", "year"):
        catalogue = world.price.get((row["product_code"], region["code"], row["interval"]))
        if catalogue is None:
            here("product_code", "unmapped_product")
    if region is not None and row["currency"] != region["currency"]:
        here("currency", "currency_mismatch")
    elif None not in (catalogue, price) and catalogue != price:
        here("unit_price_minor", "price_differs_from_catalogue", "warn")
    if term_is_fine and row["interval"] in ("month", "year") and (due - world.move_day).days <= 3:
        here("next_renewal_on", "renewal_within_3_days", "warn")
    method = methods.get(row["payment_method_id"])
    if method is None:
        here("payment_method_id", "method_missing")
    else:
        renewal = due if term_is_fine and row["interval"] in ("month", "year") else None
        found += examine_method(method, renewal, world)
    return found


def examine_method(method, renewal, world):
    found = []
    if method["kind"] not in ("card", "sepa_debit"):
        found.append(("payment_methods", method, "kind", "method_missing", "block"))
    if method["provider"] not in world.providers:
        found.append(("payment_methods", method, "provider", "method_missing", "block"))
    for column in ("provider_customer", "provider_method"):
        if not method[column]:
            found.append(("payment_methods", method, column, "method_missing", "block"))
    if method["kind"] == "sepa_debit":
        for column in ("mandate_reference", "mandate_signed_on"):
            missing = not method[column] if column == "mandate_reference" else as_day(method[column]) is None
            if missing:
                found.append(("payment_methods", method, column, "mandate_incomplete", "block"))
    elif method["kind"] == "card" and renewal and method["exp_month"].isdecimal() and method["exp_year"].isdecimal():
        year, month = int(method["exp_year"]), int(method["exp_month"])
        if date(year, month, calendar.monthrange(year, month)[1]) < renewal:
            found.append(("payment_methods", method, "exp_month", "card_expires_before_renewal", "warn"))
    return found


def vat_is_fine(text: str) -> bool:
    bare = re.sub(r"[\s.-]", "", text).upper()
    return bool(re.fullmatch(VAT.get(bare[:2], r"(?!)"), bare[2:]))
