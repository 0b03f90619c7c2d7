"""The list of seat holders: found, sorted and paged by licensing, one question per page shown."""

from typing import Any

import pytest

from gateway.pages.seat_list import Sheet, Wish
from tests.gateway.pages.conftest import Portal
from tests.gateway.pages.services import assignment, counted, license_

LIST = "/licenses/lic_1/assignments"


def wish(**changes: str) -> Wish:
    return Wish.of(**{"show": "", "text": "", "seat": "", "sort": "", "page": "", **changes})


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({}, {"when": "current_and_future", "sort": "email"}),
        ({"show": "active"}, {"when": "current"}),
        ({"show": "scheduled"}, {"when": "future"}),
        ({"show": "past", "sort": "-last_day"}, {"when": "past", "sort": "-last_day"}),
        ({"show": "all", "text": " B.EX "}, {"when": None, "search": "B.EX"}),
        ({"show": "all", "seat": "3"}, {"when": None, "seat": "3"}),
        ({"page": "3"}, {"skip": 100}),
        (
            {"show": "nonsense", "sort": "; drop", "page": "x", "seat": "1 or 1"},
            {"when": "current_and_future", "sort": "email", "seat": None, "skip": None},
        ),
        ({"page": "²", "seat": "²"}, {"skip": None, "seat": None}),
        ({"page": "9" * 10, "seat": "9" * 10, "text": "x" * 999}, {"skip": 999_950, "search": "x" * 320}),
    ],
)
def test_the_reader_s_wish_is_a_question_to_licensing(changes: dict[str, str], question: dict[str, Any]) -> None:
    asked = wish(**changes).question

    assert {name: asked[name] for name in question} == question
    assert asked["limit"] == 50


def test_five_thousand_seats_are_a_hundred_pages() -> None:
    sheet = Sheet([assignment(number) for number in range(4951, 5001)], total=5000, page=100)

    assert (sheet.pages, sheet.first, sheet.last) == (100, 4951, 5000)


def test_an_empty_list_is_one_empty_page() -> None:
    sheet = Sheet([], total=0, page=1)

    assert (sheet.pages, sheet.first, sheet.last) == (1, 0, 0)


async def test_a_page_asks_for_no_more_than_it_shows(portal: Portal) -> None:
    portal.services.answers["/licenses/lic_1"] = license_(quantity=5000, assigned=5000, free=0)
    portal.services.answers[LIST] = counted(*[assignment(n) for n in range(101, 151)], total=5000)

    answer = await portal.browser.get("/licenses/lic_1?page=3&sort=seat&q=colleague")

    assert "101–150 of 5,000" in answer.text
    assert "Page 3 of 100" in answer.text
    (asked,) = [query for path, query in portal.services.asked if path == LIST]
    assert asked == {
        "when": "current_and_future",
        "search": "colleague",
        "sort": "seat",
        "skip": "100",
        "limit": "50",
    }


async def test_a_page_beyond_the_end_is_the_last_one(portal: Portal) -> None:
    answer = await portal.browser.get("/licenses/lic_1?page=77")

    assert "1–4 of 4" in answer.text
    assert [query.get("skip") for path, query in portal.services.asked if path == LIST] == ["3800", None]


async def test_a_search_without_a_hit_is_not_a_license_without_users(portal: Portal) -> None:
    portal.services.answers[LIST] = counted()
    searched = await portal.browser.get("/licenses/lic_1?q=nobody")
    portal.services.answers["/licenses/lic_1"] = license_(assigned=0, free=25)
    empty = await portal.browser.get("/licenses/lic_1")

    assert "Nobody found" in searched.text
    assert "Nobody found" not in empty.text


async def test_international_addresses_are_shown_in_letters(portal: Portal) -> None:
    portal.services.answers[LIST] = counted(assignment(1, email="jörg@xn--mller-kva.example"))

    answer = await portal.browser.get("/licenses/lic_1")

    assert "jörg@müller.example" in answer.text
    assert "xn--" not in answer.text
