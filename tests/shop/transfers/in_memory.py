"""A whole export decided in memory: for tests of the rules and of the readers, without a database."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from chassis.kernel.emails import InvalidEmail, normalize_email
from shop.transfers.legacy_shops.protocol import LegacyShop, ReadRow
from shop.transfers.rules.catalogue import Catalogue, Price, Region
from shop.transfers.rules.codes import Finding
from shop.transfers.rules.decide import decide
from shop.transfers.rules.decisions import Circumstances, Decision
from shop.transfers.rules.files import FILE, FILES
from shop.transfers.rules.rows import (
    Customer,
    Dossier,
    OneOffLicense,
    Order,
    OrderLine,
    PaymentMethod,
    Subscription,
)
from shop.transfers.rules.summary import Summary

SAMPLES = Path(__file__).parent / "samples"
SHAPES = {
    "customers.csv": Customer,
    "subscriptions.csv": Subscription,
    "orders.csv": Order,
    "order_lines.csv": OrderLine,
    "payment_methods.csv": PaymentMethod,
    "one_off_licenses.csv": OneOffLicense,
}
ORPHANS = {
    "orders.csv": "orphan_order",
    "subscriptions.csv": "orphan_subscription",
    "payment_methods.csv": "orphan_payment_method",
    "one_off_licenses.csv": "orphan_one_off_license",
}


@dataclass
class Decided:
    """Every decision, all findings, and the summary."""

    decisions: dict[str, Decision]
    findings: list[Finding]
    summary: dict[str, Any]


def catalogue_of(path: Path) -> Catalogue:
    """The catalogue of a sample file."""
    sample = json.loads(path.read_text())
    return Catalogue(
        regions={
            country: Region(r["code"], r["currency"], r["default_locale"], r["time_zone"])
            for r in sample["regions"]
            for country in r["countries"]
        },
        products=frozenset(p["code"] for p in sample["products"]),
        prices=[
            Price(p["product"], p["region"], p["interval"], p["amount"], date.fromisoformat(p["valid_from"]))
            for p in sample["prices"]
        ],
    )


def decide_all(
    shop: LegacyShop, bundle: dict[str, Path], catalogue: Catalogue, circumstances: Circumstances
) -> Decided:
    """Read an export and decide about every customer."""
    firsts: dict[str, dict[tuple[str, ...], ReadRow]] = {spec.name: {} for spec in FILES}
    contents: dict[str, dict[tuple[str, ...], set[tuple[str, ...]]]] = {spec.name: defaultdict(set) for spec in FILES}
    findings: list[Finding] = []
    repeats: list[tuple[str, ReadRow]] = []
    for item in shop.read(bundle):
        if isinstance(item, Finding):
            findings.append(item)
            continue
        spec = FILE[item.file]
        key = tuple(item.values[spec.columns.index(column)] for column in spec.key)
        if key in firsts[item.file]:
            code = "duplicate_row" if item.values in contents[item.file][key] else "duplicate_id"
            repeats.append((code, item))
        else:
            firsts[item.file][key] = item
        contents[item.file][key].add(item.values)
    rows = {name: [SHAPES[name](row.line, *row.values) for row in kept.values()] for name, kept in firsts.items()}
    codes: dict[str, set[str]] = defaultdict(set)
    owner_of_order = {order.legacy_id: order.customer_id for order in rows["orders.csv"]}
    customers = {customer.legacy_id for customer in rows["customers.csv"]}

    def owner(file: str, row: Any) -> str:
        if file == "order_lines.csv":
            return owner_of_order.get(row.order_id, "")
        return row.legacy_id if file == "customers.csv" else row.customer_id

    for code, item in repeats:
        spec = FILE[item.file]
        row = SHAPES[item.file](item.line, *item.values)
        key = tuple(item.values[spec.columns.index(column)] for column in spec.key)
        first = SHAPES[item.file](0, *firsts[item.file][key].values)
        named = owner(item.file, row)
        findings.append(Finding(item.file, item.line, spec.key[0], code, "/".join(key), named))
        codes[named].add(code)
        if code == "duplicate_id":
            codes[owner(item.file, first)].add(code)
    for file, code in ORPHANS.items():
        findings += [
            Finding(file, row.line, "customer_id", code, row.legacy_id, "")
            for row in rows[file]
            if row.customer_id not in customers
        ]
    known = {
        "order_id": set(owner_of_order),
        "subscription_id": {row.legacy_id for row in rows["subscriptions.csv"]},
        "one_off_license_id": {row.legacy_id for row in rows["one_off_licenses.csv"]},
    }
    for row in rows["order_lines.csv"]:
        for column, ids in known.items():
            named = getattr(row, column)
            if named and named not in ids:
                customer = owner_of_order.get(row.order_id, "")
                customer = customer if customer in customers else ""
                findings.append(
                    Finding(
                        "order_lines.csv",
                        row.line,
                        column,
                        "orphan_order_line",
                        f"{row.order_id}/{row.line_no}",
                        customer,
                    )
                )
                codes[customer].add("orphan_order_line")
    return _decide(rows, codes, findings, owner_of_order, catalogue, circumstances)


def _decide(
    rows: dict[str, list[Any]],
    codes: dict[str, set[str]],
    findings: list[Finding],
    owner_of_order: dict[str, str],
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> Decided:
    addresses: dict[str, int] = defaultdict(int)
    for customer in rows["customers.csv"]:
        addresses[_address(customer)] += 1
    of_customer = {name: _by(rows[name], lambda row: row.customer_id) for name in ORPHANS}
    lines = _by(rows["order_lines.csv"], lambda row: owner_of_order.get(row.order_id, ""))
    decisions: dict[str, Decision] = {}
    summary = Summary()
    for customer in rows["customers.csv"]:
        known = customer.legacy_id
        address = _address(customer)
        decision = decide(
            Dossier(
                customer=customer,
                subscriptions=tuple(of_customer["subscriptions.csv"][known]),
                orders=tuple(of_customer["orders.csv"][known]),
                lines=tuple(lines[known]),
                payment_methods=tuple(of_customer["payment_methods.csv"][known]),
                one_offs=tuple(of_customer["one_off_licenses.csv"][known]),
                reading_codes=frozenset(codes[known]),
                email_is_shared=bool(address) and addresses[address] > 1,
            ),
            catalogue,
            circumstances,
        )
        decisions[known] = decision
        findings += decision.findings
        summary.add(decision)
    summary.findings.clear()
    summary.add_findings(findings)
    return Decided(decisions, findings, summary.as_dict())


def _address(customer: Customer) -> str:
    try:
        return normalize_email(customer.email)
    except InvalidEmail:
        return ""


def _by(rows: Iterable[Any], key: Any) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    return grouped
