"""Addresses the way people paste them."""

import pytest

from licensing.assignments.parse_addresses import parse_addresses

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
    ("mailto:jane@x.eu, Jane < MAILTO:jane@y.eu >", ["jane@x.eu", "jane@y.eu"]),
    (f"<{' ' * 1_000_000}a", [None]),
    (f"a@{'äöü' * 100_000}.eu", [None]),
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


def test_reading_stops_at_the_first_address_too_many() -> None:
    assert len(parse_addresses("a@x.eu," * 500_000)) == 2001
    assert len(parse_addresses(["a@x.eu"] * 500_000)) == 2001
