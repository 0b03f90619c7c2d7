"""Rows of WooCommerce's export, and the values that several parts of the adapter read from them."""

from collections.abc import Iterator
from pathlib import Path

from shop.transfers.legacy_shops.protocol import ReadRow
from shop.transfers.legacy_shops.tolerant_csv import UNREADABLE, Header, read_header, read_records
from shop.transfers.legacy_shops.woocommerce_dates import date_part
from shop.transfers.rules.codes import Finding
from shop.transfers.rules.files import FILE, SUBSCRIPTIONS

REQUIRED = (
    "subscription_status",
    "start_date",
    "next_payment_date",
    "billing_period",
    "order_items",
    "payment_method",
)
IDENTITY = ("customer_id", "customer_email", "billing_email", "customer_username")
STATUSES = {
    "on-hold": "on_hold",
    "pending": "on_hold",
    "pending-cancel": "pending_cancel",
    "cancelled": "cancelled",
    "switched": "cancelled",
    "trash": "cancelled",
}
BY_HAND = frozenset({"", "manual", "bacs", "cheque", "cod"})

Row = dict[str, str]


def rows_of(path: Path) -> Iterator[tuple[int, Row] | Finding]:
    """Every row with the line it begins on, as a dictionary by column, and what cannot be read as findings."""
    header = read_header(path, frozenset((*REQUIRED, *IDENTITY)))
    for record in read_records(path, header):
        if record.problem:
            yield Finding(SUBSCRIPTIONS.name, record.line, header.names[0], record.problem, "", "")
            continue
        if cut_off := _cut_off(header, len(record.fields)):
            yield Finding(SUBSCRIPTIONS.name, record.line, cut_off, "unreadable_row", "", "")
            continue
        fields = (value.strip().replace("\x00", UNREADABLE) for value in record.fields)
        row = dict(zip(header.names, fields, strict=False))
        for column, value in row.items():
            if UNREADABLE in value:
                yield Finding(SUBSCRIPTIONS.name, record.line, column, "unreadable_text", "", "")
        yield record.line, row


def _cut_off(header: Header, width: int) -> str:
    """The first column that is needed and that a row of so many fields ends before.

    Taken for empty, a payment method that was cut off would mean renewals by hand, and nobody would hear of it.
    """
    places = ((header.position(column), column) for column in REQUIRED)
    return min(((place, column) for place, column in places if place is not None and place >= width), default=(0, ""))[
        1
    ]


def status_of(row: Row) -> str:
    """The status in canonical words; unknown ones as they were written."""
    written = value_of(row, "subscription_status").removeprefix("wc-")
    return STATUSES.get(written, written)


def renews(row: Row) -> bool:
    """Whether it renews by itself: not by hand, and with a next payment while it is active."""
    if value_of(row, "requires_manual_renewal").lower() in ("true", "1", "yes"):
        return False
    if value_of(row, "payment_method") in BY_HAND:
        return False
    return status_of(row) != "active" or bool(date_part(value_of(row, "next_payment_date")))


def currency_of(row: Row) -> str:
    """The currency as ISO 4217 writes it: how many minor units it has depends on it."""
    return value_of(row, "order_currency").upper()


def own_id(row: Row) -> str:
    """The customer id of the row; guests have none."""
    known = value_of(row, "customer_id")
    return "" if known == "0" else known


def address_of(row: Row) -> str:
    """The customer's address, else the billing address."""
    return value_of(row, "customer_email") or value_of(row, "billing_email")


def value_of(row: Row, column: str) -> str:
    """A value, or an empty text."""
    return row.get(column, "").strip()


def canonical_row(file: str, line: int, **values: str) -> ReadRow:
    """A canonical record; columns that are not given are empty."""
    return ReadRow(file, line, tuple(values.get(column, "") for column in FILE[file].columns))
