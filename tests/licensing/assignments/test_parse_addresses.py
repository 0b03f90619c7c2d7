"""Addresses the way people paste them."""

from datetime import date

import pytest

from licensing.assignments.parse_addresses import Entry, UnreadableTable, parse_addresses, parse_table

TEXTS = [
    ("a@x.eu, b@x.eu; c@x.eu", ["a@x.eu", "b@x.eu", "c@x.eu"]),
    ("a@x.eu\nb@x.eu\r\nc@x.eu\td@x.eu", ["a@x.eu", "b@x.eu", "c@x.eu", "d@x.eu"]),
    (" ,; \n\t a@x.eu ,, ", ["a@x.eu"]),
    ("a@x.eu b@x.eu  c@x.eu", ["a@x.eu", "b@x.eu", "c@x.eu"]),
    ("Jane Doe <jane@x.eu>, <john@x.eu>", ["jane@x.eu", "john@x.eu"]),
    ('"Doe, Jane" <jane@x.eu>; john@x.eu', ["jane@x.eu", "john@x.eu"]),
    ('"Doe; Jane" <jane@x.eu>, "Doe, John" <john@x.eu>', ["jane@x.eu", "john@x.eu"]),
    ('Jane "the boss <jane@x.eu>, john@x.eu', ["jane@x.eu", "john@x.eu"]),
    ("JANE@X.EU", ["jane@x.eu"]),
    ("jane+cad@x.eu", ["jane+cad@x.eu"]),
    ("jane@bücher.example", ["jane@xn--bcher-kva.example"]),
    ("mailto:jane@x.eu, Jane <mailto:jane@y.eu>", ["jane@x.eu", "jane@y.eu"]),
    ("not an address, jane@, @x.eu, jane@x, a@x.eu", [None, None, None, None, "a@x.eu"]),
    ("jane@x.eu>", [None]),
    ("", []),
    (" \n ", []),
]


@pytest.mark.parametrize(("text", "emails"), TEXTS)
def test_addresses_are_found_in_pasted_text(text: str, emails: list[str | None]) -> None:
    assert [entry.email for entry in parse_addresses(text)] == emails


def test_a_list_is_read_item_by_item() -> None:
    entries = parse_addresses(["a@x.eu", "b@x.eu; c@x.eu", " ", "nobody"])

    assert [entry.email for entry in entries] == ["a@x.eu", "b@x.eu", "c@x.eu", None]
    assert entries[-1].input == "nobody"


def test_a_table_is_read_with_the_columns_that_its_first_row_names() -> None:
    table = "\ufeffName;E-Mail;Start_date;End_date\nJane;jane@x.eu;2027-03-01;2027-03-31\nJohn;john@x.eu;;\n"

    assert parse_table(table) == [
        Entry("jane@x.eu", "jane@x.eu", date(2027, 3, 1), date(2027, 3, 31)),
        Entry("john@x.eu", "john@x.eu"),
    ]


def test_a_table_without_names_has_the_columns_in_order() -> None:
    assert parse_table("jane@x.eu,2027-03-01\njohn@x.eu") == [
        Entry("jane@x.eu", "jane@x.eu", date(2027, 3, 1)),
        Entry("john@x.eu", "john@x.eu"),
    ]


def test_bad_days_are_noted_with_their_row() -> None:
    entries = parse_table("email,first_day,last_day\na@x.eu,1.3.2027,\nb@x.eu,2027-03-02,2027-03-01\nc@x.eu,,\n")

    assert [entry.has_bad_days for entry in entries] == [True, True, False]


def test_a_table_without_addresses_cannot_be_read() -> None:
    with pytest.raises(UnreadableTable):
        parse_table("name;phone\nJane;123\n")


def test_an_empty_table_has_no_entries() -> None:
    assert parse_table("\n \n") == []
