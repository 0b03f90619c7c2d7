"""WooCommerce's own export of subscriptions, read as the canonical bundle."""

import csv
from datetime import date
from pathlib import Path

import pytest

from shop.transfers.legacy_shops.protocol import ReadRow
from shop.transfers.legacy_shops.woocommerce_csv import WooCommerceCsv
from shop.transfers.legacy_shops.woocommerce_dates import interval_of, term_of
from shop.transfers.legacy_shops.woocommerce_items import Item, read_items, unit_price
from shop.transfers.rules.codes import Finding
from shop.transfers.rules.decisions import Circumstances
from shop.transfers.rules.files import FILE
from tests.shop.transfers.in_memory import SAMPLES, catalogue_of, decide_all

PRODUCTS = {"11": "PARTS-CAT", "12": "DATA-API"}
ACTIVE = {
    "subscription_id": "700",
    "customer_id": "41",
    "customer_email": "buyer@werkstatt.example",
    "subscription_status": "wc-active",
    "start_date": "2026-11-30 09:15:00",
    "next_payment_date": "2027-02-28 09:15:00",
    "end_date": "0",
    "billing_period": "month",
    "billing_interval": "1",
    "order_shipping": "0",
    "fee_total": "0",
    "order_currency": "EUR",
    "payment_method": "stripe",
    "payment_method_post_meta": "_stripe_customer_id:cus_41|_stripe_source_id:pm_41",
    "requires_manual_renewal": "false",
    "billing_first_name": "Ada",
    "billing_last_name": "Lovelace",
    "billing_country": "DE",
    "order_items": "product_id:11|name:Parts: a|b; and more|quantity:2|total:98.00|meta:|tax:18.62",
}


def written(directory: Path, *rows: dict[str, str]) -> dict[str, Path]:
    """An export with these rows."""
    path = directory / "subscriptions.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    return {path.name: path}


def read(directory: Path, *rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """The canonical rows of such an export, by file; its findings under `findings`."""
    found: dict[str, list[dict[str, str]]] = {name: [] for name in FILE} | {"findings": []}
    for item in WooCommerceCsv(PRODUCTS).read(written(directory, *rows)):
        if isinstance(item, ReadRow):
            found[item.file].append(dict(zip(FILE[item.file].columns, item.values, strict=True)))
        else:
            assert isinstance(item, Finding)
            found["findings"].append({"line": str(item.line), "column": item.column, "code": item.code})
    return found


def test_a_row_becomes_a_customer_a_subscription_and_a_payment_method(tmp_path: Path):
    found = read(tmp_path, ACTIVE)

    [customer], [subscription], [method] = (
        found[name] for name in ("customers.csv", "subscriptions.csv", "payment_methods.csv")
    )
    assert (customer["legacy_id"], customer["company"], customer["country"]) == ("41", "Ada Lovelace", "DE")
    assert subscription["product_code"] == "PARTS-CAT"
    assert (subscription["quantity"], subscription["unit_price_minor"]) == ("2", "4900")
    assert (subscription["term_start"], subscription["term_end"]) == ("2027-01-30", "2027-02-27")
    assert (subscription["status"], subscription["auto_renew"], subscription["interval"]) == ("active", "true", "month")
    assert method["legacy_id"] == subscription["payment_method_id"]
    assert (method["kind"], method["provider"], method["provider_method"]) == ("card", "stripe", "pm_41")


def test_such_a_customer_moves_by_the_same_rules(tmp_path: Path):
    decided = decide_all(
        WooCommerceCsv(PRODUCTS),
        written(tmp_path, ACTIVE),
        catalogue_of(SAMPLES / "catalogue.json"),
        Circumstances(exported_on=date(2027, 2, 5), transfer_on=date(2027, 2, 23), providers=frozenset({"stripe"})),
    )

    [decision] = decided.decisions.values()
    assert (decision.outcome, decision.codes, decision.warnings) == ("moves", (), ())


def test_several_items_are_a_subscription_each(tmp_path: Path):
    items = (
        "product_id:11|name:A;B|quantity:1|total:49|meta:|tax:;product_id:12|name:C|quantity:3|total:100.00|meta:|tax:"
    )
    found = read(tmp_path, {**ACTIVE, "order_items": items})

    assert [(s["legacy_id"], s["number"], s["product_code"]) for s in found["subscriptions.csv"]] == [
        ("700:1", "700-1", "PARTS-CAT"),
        ("700:2", "700-2", "DATA-API"),
    ]
    assert found["subscriptions.csv"][1]["unit_price_minor"] == "3333"
    assert found["findings"] == [{"line": "2", "column": "order_items", "code": "price_rounded"}]


def test_the_customer_is_the_id_that_another_row_gives_the_address_and_its_newest_row_wins(tmp_path: Path):
    older = {**ACTIVE, "start_date": "2026-01-01 00:00:00", "billing_company": "Old name", "subscription_id": "1"}
    without_id = {**ACTIVE, "customer_id": "", "subscription_id": "", "billing_company": "New name"}
    guest = {
        **ACTIVE,
        "customer_id": "0",
        "customer_email": "",
        "billing_email": "guest@x.example",
        "subscription_id": "3",
    }

    found = read(tmp_path, older, without_id, guest)

    assert {c["legacy_id"]: c["company"] for c in found["customers.csv"]} == {
        "41": "New name",
        "guest@x.example": "Ada Lovelace",
    }
    assert [(s["customer_id"], s["legacy_id"]) for s in found["subscriptions.csv"]] == [
        ("41", "1"),
        ("41", "41@2026-11-30 09:15:00"),
        ("guest@x.example", "3"),
    ]


@pytest.mark.parametrize(
    ("changed", "status", "auto_renew"),
    [
        ({"subscription_status": "on-hold"}, "on_hold", "true"),
        ({"subscription_status": "wc-pending"}, "on_hold", "true"),
        ({"subscription_status": "wc-pending-cancel"}, "pending_cancel", "true"),
        ({"subscription_status": "switched"}, "cancelled", "true"),
        ({"subscription_status": "trash"}, "cancelled", "true"),
        ({"subscription_status": "wc-expired", "next_payment_date": "0"}, "expired", "true"),
        ({"requires_manual_renewal": "true"}, "active", "false"),
        ({"payment_method": "bacs"}, "active", "false"),
        ({"payment_method": ""}, "active", "false"),
        ({"next_payment_date": "0"}, "active", "false"),
    ],
)
def test_status_and_renewal_are_read_as_the_rule_book_says(tmp_path: Path, changed, status: str, auto_renew: str):
    [subscription] = read(tmp_path, {**ACTIVE, **changed})["subscriptions.csv"]

    assert (subscription["status"], subscription["auto_renew"]) == (status, auto_renew)


@pytest.mark.parametrize(
    "changed",
    [{"payment_method": "paypal"}, {"payment_method_post_meta": "_stripe_customer_id:cus_41|_stripe_source_id:"}],
)
def test_another_gateway_or_an_empty_source_leaves_the_payment_method_missing(tmp_path: Path, changed):
    found = read(tmp_path, {**ACTIVE, **changed})

    assert found["payment_methods.csv"] == []
    assert found["subscriptions.csv"][0]["payment_method_id"] == ""


def test_what_is_not_carried_is_warned_about(tmp_path: Path):
    found = read(tmp_path, {**ACTIVE, "order_shipping": "4.90", "end_date": "2028-01-01 00:00:00"})

    assert [f["code"] for f in found["findings"]] == ["charges_not_carried", "fixed_end"]


def decided(directory: Path, **changed: str):
    """What the rules say of the one customer of such an export."""
    [decision] = decide_all(
        WooCommerceCsv(PRODUCTS),
        written(directory, {**ACTIVE, **changed}),
        catalogue_of(SAMPLES / "catalogue.json"),
        Circumstances(exported_on=date(2027, 2, 5), transfer_on=date(2027, 2, 23), providers=frozenset({"stripe"})),
    ).decisions.values()
    return decision


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"payment_method": "stripe_sepa"}, {"mandate_incomplete"}),
        ({"payment_method": "paypal"}, {"method_missing"}),
        ({"payment_method_post_meta": "_stripe_source_id:pm_41"}, {"method_missing"}),
        ({"billing_period": "week", "billing_interval": "2"}, {"invalid_interval"}),
        ({"billing_period": "month", "billing_interval": "3"}, {"invalid_interval"}),
        ({"subscription_status": "wc-of-tomorrow"}, {"invalid_status"}),
        ({"order_currency": "SEK"}, {"currency_mismatch"}),
        ({"order_currency": ""}, {"currency_mismatch"}),
        ({"order_items": "20053"}, {"unmapped_product", "invalid_price"}),
        ({"order_items": "11"}, {"invalid_price"}),
        ({"order_items": "product_id:11|name:A|quantity:2|total:98,00|meta:|tax:"}, {"invalid_price"}),
        ({"order_items": "product_id:11|name:A|quantity:1|total:-49|meta:|tax:"}, {"invalid_price"}),
        ({"order_items": "product_id:11|name:A|quantity:1.5|total:49|meta:|tax:"}, {"invalid_quantity"}),
        ({"next_payment_date": "soon"}, {"invalid_term"}),
        ({"next_payment_date": "28/02/2027 09:15"}, {"invalid_term"}),
        ({"start_date": "0"}, {"invalid_term"}),
        ({"customer_email": "", "billing_email": ""}, {"missing_email"}),
        ({"billing_country": ""}, {"missing_country"}),
    ],
)
def test_what_cannot_be_used_blocks_the_customer_and_is_never_left_out_in_silence(tmp_path: Path, changed, codes):
    decision = decided(tmp_path, **changed)

    assert decision.outcome == "blocked"
    assert codes <= set(decision.codes)


@pytest.mark.parametrize(
    "changed",
    [
        {"order_currency": "eur"},
        {"billing_country": "de"},
        {"payment_method_post_meta": "", "payment_method_user_meta": "_stripe_customer_id:cus_41|_stripe_source_id:s"},
        {"order_items": "product_id:11|name:Free|quantity:1|total:0|meta:|tax:0"},
        {"order_items": "product_id:11|name:A|quantity:2|total:98.00|meta:|tax:19%: 18.62", "order_tax": "18.62"},
    ],
)
def test_what_is_written_otherwise_means_the_same_and_tax_is_no_price(tmp_path: Path, changed):
    decision = decided(tmp_path, **changed)

    assert (decision.outcome, decision.codes) == ("moves", ())
    assert decision.moving[0].row.unit_price_minor == ("0" if "Free" in str(changed) else "4900")
    assert decision.moving[0].row.currency == "EUR"


def test_a_yen_has_no_cents_however_it_is_written(tmp_path: Path):
    items = "product_id:11|name:A|quantity:1|total:1200|meta:|tax:"
    [subscription] = read(tmp_path, {**ACTIVE, "order_currency": "jpy", "order_items": items})["subscriptions.csv"]

    assert (subscription["currency"], subscription["unit_price_minor"]) == ("JPY", "1200")


def test_rows_that_are_damaged_are_named_by_line_and_column_and_stop_no_other(tmp_path: Path):
    columns = list(ACTIVE)
    path = tmp_path / "subscriptions.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(columns)
        writer.writerow([*{**ACTIVE, "billing_last_name": "Two\nlines"}.values()])
        writer.writerow([*ACTIVE.values()][: columns.index("payment_method")])
        writer.writerow([*ACTIVE.values(), "one too many"])
        writer.writerow([*{**ACTIVE, "subscription_id": "701", "customer_email": "other@x.example"}.values()])

    found = list(WooCommerceCsv(PRODUCTS).read({path.name: path}))

    findings = [(item.line, item.column, item.code) for item in found if isinstance(item, Finding)]
    assert findings == [(4, "payment_method", "unreadable_row"), (5, "subscription_id", "unreadable_row")]
    read_of = [item.line for item in found if isinstance(item, ReadRow) and item.file == "subscriptions.csv"]
    assert read_of == [2, 6]


def test_missing_columns_are_listed(tmp_path: Path):
    missing = WooCommerceCsv(PRODUCTS).missing(written(tmp_path, {"customer_id": "1", "order_items": "11"}))

    assert {lack.column for lack in missing} >= {"subscription_status", "start_date", "payment_method"}


@pytest.mark.parametrize(
    ("period", "number", "interval"),
    [
        ("month", "1", "month"),
        ("month", "12", "year"),
        ("year", "1", "year"),
        ("week", "2", "2 week"),
        ("month", "", "month"),
    ],
)
def test_intervals(period: str, number: str, interval: str):
    assert interval_of(period, number) == interval


def test_a_term_is_anchored_at_the_day_it_all_began():
    term = term_of(start="2020-02-29", next_payment="2027-02-28", end="", interval="year")

    assert (term.term_start, term.term_end, term.next_renewal_on) == ("2026-02-28", "2027-02-27", "2027-02-28")


def test_a_bare_product_id_is_one_item_without_a_known_price():
    assert read_items(" 20053 ") == [Item("20053", "1", "")]
    assert unit_price(Item("1", "1", ""), "EUR").minor == ""


def test_prices_are_rounded_half_up_in_the_currencys_own_minor_units():
    assert unit_price(Item("1", "2", "0.05"), "EUR").minor == "3"
    assert unit_price(Item("1", "1", "1200"), "JPY").minor == "1200"
