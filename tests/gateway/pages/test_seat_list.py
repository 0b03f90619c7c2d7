"""The list of seat holders: found, sorted and paged, up to thousands."""

import pytest

from gateway.pages.seat_list import Wish, sheet_of
from tests.gateway.pages.services import assignment


def wish(**changes: str) -> Wish:
    return Wish.of(**{"show": "", "text": "", "seat": "", "sort": "", "page": "", **changes})


MANY = [assignment(number) for number in range(1, 5001)]
MIXED = [
    assignment(1, email="zoe@a.example", last_day="2026-12-31"),
    assignment(2, email="adam@a.example", status="scheduled"),
    assignment(3, email="max@b.example", status="ended", last_day="2026-11-10"),
    assignment(3, email="eva@b.example", status="deactivated", last_day="2026-11-12"),
]


@pytest.mark.parametrize(
    ("changes", "emails"),
    [
        ({}, ["adam@a.example", "zoe@a.example"]),
        ({"show": "active"}, ["zoe@a.example"]),
        ({"show": "scheduled"}, ["adam@a.example"]),
        ({"show": "past", "sort": "last_day"}, ["max@b.example", "eva@b.example"]),
        ({"show": "all", "text": " B.EX "}, ["eva@b.example", "max@b.example"]),
        ({"show": "all", "seat": "3"}, ["eva@b.example", "max@b.example"]),
        ({"sort": "last_day"}, ["zoe@a.example", "adam@a.example"]),
        ({"sort": "-last_day"}, ["adam@a.example", "zoe@a.example"]),
        ({"show": "nonsense", "sort": "; drop", "page": "x", "seat": "1 or 1"}, ["adam@a.example", "zoe@a.example"]),
    ],
)
def test_the_list_shows_what_was_asked_for(changes: dict[str, str], emails: list[str]) -> None:
    assert [row["email"] for row in sheet_of(MIXED, wish(**changes)).rows] == emails


def test_five_thousand_seats_are_a_hundred_pages() -> None:
    sheet = sheet_of(MANY, wish(sort="seat", page="100"))

    assert (sheet.pages, sheet.total, sheet.first, sheet.last) == (100, 5000, 4951, 5000)
    assert sheet.rows[-1]["seat"] == 5000


def test_a_page_beyond_the_end_is_the_last_one() -> None:
    assert sheet_of(MIXED, wish(page="77")).page == 1


def test_an_empty_list_is_one_empty_page() -> None:
    sheet = sheet_of([], wish())

    assert (sheet.pages, sheet.first, sheet.last) == (1, 0, 0)
