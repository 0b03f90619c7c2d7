"""Who may hold which seat on which days."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.kernel.periods import Period
from licensing.assignments.rules import (
    Holding,
    refuse_change,
    refuse_period,
    seat_all,
    seats_needed,
    seats_to_keep,
    taken_until,
)

TODAY = date(2027, 3, 10)
TERM = Period(date(2027, 1, 1), date(2027, 12, 31))


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (day(0), None, None),
        (day(0), day(0), None),
        (day(0), date(2027, 12, 31), None),
        (date(2027, 12, 31), date(2027, 12, 31), None),
        (day(-1), None, "period_in_past"),
        (day(-5), day(-1), "period_in_past"),
        (day(0), date(2028, 1, 1), "outside_license_term"),
        (date(2028, 1, 1), None, "outside_license_term"),
    ],
)
def test_days_of_a_new_assignment(first: date, last: date | None, refusal: str | None) -> None:
    assert refuse_period(Period(first, last), term=TERM, today=TODAY) == refusal


@pytest.mark.parametrize(
    ("before", "after", "refusal"),
    [
        ((day(-9), None), (day(-9), day(0)), None),
        ((day(-9), None), (day(-9), day(-1)), "period_in_past"),
        ((day(-9), day(9)), (day(-9), None), None),
        ((day(-9), day(9)), (day(-8), day(9)), "period_in_past"),
        ((day(-9), day(9)), (day(3), day(9)), None),
        ((day(-9), day(9)), (day(-9), date(2028, 1, 1)), "outside_license_term"),
        ((day(5), day(9)), (day(0), day(9)), None),
        ((day(5), day(9)), (day(-1), day(9)), "period_in_past"),
    ],
)
def test_days_of_a_changed_assignment(
    before: tuple[date, date | None], after: tuple[date, date | None], refusal: str | None
) -> None:
    assert refuse_change(Period(*before), Period(*after), term=TERM, today=TODAY) == refusal


@pytest.mark.parametrize(
    ("last_day", "license_end", "until"),
    [
        (None, None, None),
        (None, day(9), day(9)),
        (day(5), None, day(5)),
        (day(5), day(9), day(5)),
        (day(12), day(9), day(9)),
    ],
)
def test_an_open_end_follows_the_license(last_day: date | None, license_end: date | None, until: date | None) -> None:
    assert taken_until(last_day, license_end) == until


DAYS = st.integers(min_value=1, max_value=40)


@st.composite
def holdings_of_some_seats(draw: st.DrawFn) -> tuple[list[Holding], int]:
    """Holders that have begun on seats of their own, and holders whose days lie ahead."""
    seats = draw(st.integers(min_value=1, max_value=6))
    begun = draw(st.integers(min_value=0, max_value=seats))
    holdings = [
        Holding(f"begun{n}", n, Period(day(-3), draw(st.none() | DAYS.map(day))), is_movable=False)
        for n in range(begun)
    ]
    for n in range(draw(st.integers(min_value=0, max_value=12))):
        first, length = draw(DAYS), draw(st.none() | st.integers(min_value=0, max_value=15))
        last = None if length is None else day(first + length)
        seat = draw(st.integers(min_value=0, max_value=seats - 1))
        holdings.append(Holding(f"later{n}", seat, Period(day(first), last), is_movable=True))
    return holdings, seats


def _most_on_a_day(holdings: list[Holding]) -> int:
    days = range(-3, 80)
    return max((sum(h.period.contains(day(d)) for h in holdings) for d in days), default=0)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(holdings_of_some_seats())
def test_everybody_is_seated_exactly_when_no_day_has_too_many(drawn: tuple[list[Holding], int]) -> None:
    holdings, seats = drawn

    seating = seat_all(holdings, list(range(seats)))

    assert seats_needed(holdings) == _most_on_a_day(holdings)
    assert (seating is not None) == (_most_on_a_day(holdings) <= seats)
    if seating is not None:
        assert all(seating[h.key] == h.seat_no for h in holdings if not h.is_movable)
        taken = Counter((seating[h.key], d) for h in holdings for d in range(-3, 80) if h.period.contains(day(d)))
        assert max(taken.values(), default=0) <= 1


def test_seats_in_use_are_kept_before_others() -> None:
    holdings = [Holding("a", 5, Period(day(-1), None), is_movable=False)]

    assert seats_to_keep(holdings, [1, 2, 3, 4, 5], 2) == [1, 5]
    assert seats_to_keep(holdings, [1, 2, 3, 4, 5], 1) == [5]
