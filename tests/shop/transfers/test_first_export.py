"""The sample export of the rule book, decided for its transfer date, record by record."""

import json
from datetime import date
from typing import Any

import pytest

from shop.transfers.legacy_shops.canonical_csv import CanonicalCsv
from shop.transfers.rules.decisions import Circumstances
from tests.shop.transfers.in_memory import SAMPLES, Decided, catalogue_of, decide_all

EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())


@pytest.fixture(scope="module")
def decided() -> Decided:
    bundle = {path.name: path for path in (SAMPLES / "first-export").iterdir()}
    circumstances = Circumstances(
        exported_on=date.fromisoformat(EXPECTED["today"]),
        transfer_on=date.fromisoformat(EXPECTED["transfer_on"]),
        providers=frozenset({"sandbox"}),
    )
    return decide_all(CanonicalCsv(), bundle, catalogue_of(SAMPLES / "catalogue.json"), circumstances)


def test_every_customer_gets_the_expected_outcome_codes_and_settings(decided: Decided):
    assert {known: _customer(decided, known) for known in decided.decisions} == EXPECTED["customers"]


def test_every_subscription_of_a_known_customer_is_decided_as_expected(decided: Decided):
    actual = {s.row.legacy_id: _subscription(s) for d in decided.decisions.values() for s in d.subscriptions}
    assert actual == EXPECTED["subscriptions"]


def test_every_order_of_a_known_customer_is_decided_as_expected(decided: Decided):
    actual = {
        o.row.legacy_id: {"customer": o.row.customer_id, "number": o.row.number, "outcome": o.outcome}
        for d in decided.decisions.values()
        for o in d.orders
    }
    orphans = {known for known, order in EXPECTED["orders"].items() if order["customer"] not in decided.decisions}
    assert actual == {k: v for k, v in EXPECTED["orders"].items() if k not in orphans}


def test_every_payment_method_is_decided_as_expected(decided: Decided):
    actual = {
        m.row.legacy_id: {"customer": m.row.customer_id, "outcome": m.outcome}
        for d in decided.decisions.values()
        for m in d.methods
    }
    assert actual == EXPECTED["payment_methods"]


def test_every_one_off_license_stays_and_says_until_when(decided: Decided):
    actual = {
        o.row.legacy_id: {
            "customer": o.row.customer_id,
            "product": o.row.product_code,
            "until": o.until.isoformat() if o.until else None,
            "units_left": o.units_left,
            "ended": o.ended,
            "unlocks": o.unlocks,
        }
        for d in decided.decisions.values()
        for o in d.one_offs
    }
    assert actual == EXPECTED["one_off_licenses"]


def test_every_finding_names_file_line_column_and_code(decided: Decided):
    def place(finding: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(finding[name] for name in ("file", "line", "column", "code", "key", "customer"))

    actual = sorted((f.file, f.line, f.column, f.code, f.key, f.customer) for f in decided.findings)
    assert actual == sorted(place(finding) for finding in EXPECTED["findings"])


def test_the_summary_adds_up_as_expected(decided: Decided):
    expected = dict(EXPECTED["summary"])
    actual = dict(decided.summary)
    # The one order of a deleted customer belongs to nobody's decision; the import adds it to the totals.
    orders, wanted = actual.pop("orders"), expected.pop("orders")
    assert orders["total"] + 1 == wanted["total"]
    assert actual == expected


def _customer(decided: Decided, known: str) -> dict[str, Any]:
    decision = decided.decisions[known]
    shown: dict[str, Any] = {
        "outcome": decision.outcome,
        "codes": list(decision.codes),
        "warnings": list(decision.warnings),
        "company": decision.customer.company,
        "email": decision.customer.email,
    }
    if decision.outcome == "moves":
        seats = decision.seats
        shown |= {
            "region": decision.region,
            "locale": decision.locale,
            "time_zone": decision.time_zone,
            "licenses": seats.licenses,
            "seats": seats.seats,
            "auto_assigned": seats.auto_assigned,
            "waiting": seats.waiting,
            "orders": sum(order.outcome == "moves" for order in decision.orders),
        }
    return shown


def _subscription(decided: Any) -> dict[str, Any]:
    row, term = decided.row, decided.term
    shown: dict[str, Any] = {"customer": row.customer_id, "number": row.number, "outcome": decided.outcome}
    if decided.outcome == "moves":
        shown |= {
            "product": row.product_code,
            "quantity": int(row.quantity),
            "unit_price_minor": int(row.unit_price_minor),
            "currency": row.currency,
            "interval": row.interval,
            "term": [term.first_day.isoformat(), term.last_day.isoformat()],
            "next_renewal_on": term.next_renewal_on.isoformat(),
            "renewal_after_that": term.renewal_after_that.isoformat(),
            "payment_method": row.payment_method_id,
            "invoice_number": row.invoice_number,
        }
    return shown
