"""Terms, proration, retries."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel.periods import Period, add_months, term_after
from shop.subscriptions.rules import after_failure, day_after_term, first_term, must_be_held, prorated


@pytest.mark.parametrize(
    ("started_on", "interval", "last_day"),
    [
        (date(2026, 1, 31), "month", date(2026, 2, 27)),
        (date(2028, 1, 31), "month", date(2028, 2, 28)),
        (date(2026, 11, 25), "month", date(2026, 12, 24)),
        (date(2026, 11, 25), "year", date(2027, 11, 24)),
        (date(2028, 2, 29), "year", date(2029, 2, 27)),
    ],
)
def test_the_first_term(started_on: date, interval: str, last_day: date) -> None:
    assert first_term(started_on, interval) == Period(started_on, last_day)


@given(
    started_on=st.dates(date(2000, 1, 1), date(2090, 12, 31)),
    interval=st.sampled_from(["month", "year"]),
    terms=st.integers(1, 40),
)
def test_terms_follow_one_another_without_gap_or_overlap_and_never_drift(
    started_on: date, interval: str, terms: int
) -> None:
    term = first_term(started_on, interval)

    for number in range(1, terms):
        following = term_after(started_on, day_after_term(term) - timedelta(days=1), interval)
        assert following.first_day == day_after_term(term)
        assert following.first_day == add_months(started_on, number * (1 if interval == "month" else 12))
        term = following


@pytest.mark.parametrize(
    ("today", "amount"),
    [
        (date(2027, 1, 1), 36_500),
        (date(2027, 12, 31), 100),
        (date(2027, 7, 2), 18_300),
        (date(2028, 1, 1), 0),
        (date(2026, 12, 1), 36_500),
    ],
)
def test_more_seats_cost_their_share_of_the_days_left_today_included(today: date, amount: int) -> None:
    found = prorated(
        unit_price=36_500,
        seats=1,
        term_first_day=date(2027, 1, 1),
        term_last_day=date(2027, 12, 31),
        today=today,
    )

    assert found == amount


@given(price=st.integers(0, 10**7), seats=st.integers(1, 500), left=st.integers(0, 366), length=st.integers(28, 366))
def test_a_share_is_never_more_than_the_whole(price: int, seats: int, left: int, length: int) -> None:
    first_day = date(2027, 1, 1)
    last_day = first_day + timedelta(days=length - 1)

    amount = prorated(
        unit_price=price,
        seats=seats,
        term_first_day=first_day,
        term_last_day=last_day,
        today=last_day - timedelta(days=left - 1),
    )

    assert 0 <= amount <= price * seats


def test_retries_come_after_1_3_7_and_14_days_and_access_lasts_as_long() -> None:
    since = date(2027, 3, 1)

    plan = [after_failure(past_due_since=since, today=since + timedelta(days=days)) for days in (0, 1, 2, 3, 7, 13, 14)]

    assert [step.next_retry_on for step in plan] == [
        date(2027, 3, 2),
        date(2027, 3, 4),
        date(2027, 3, 4),
        date(2027, 3, 8),
        date(2027, 3, 15),
        date(2027, 3, 15),
        None,
    ]
    assert {step.grace_until for step in plan} == {date(2027, 3, 15)}


def test_it_is_over_two_weeks_after_access_is() -> None:
    last = after_failure(past_due_since=date(2027, 3, 1), today=date(2027, 3, 15))

    assert last.look_again_on == last.ends_unpaid_on == date(2027, 3, 29)
    assert not last.is_over(date(2027, 3, 28))
    assert last.is_over(date(2027, 3, 29))


@pytest.mark.parametrize(
    ("expected", "net", "is_held", "reason"),
    [
        (None, 100, False, None),
        (100, 100, False, None),
        (100, 101, False, "amount_differs_from_dry_run"),
        (100, 99, False, "amount_differs_from_dry_run"),
        (None, 100, True, "customer_on_hold"),
    ],
)
def test_what_is_held(expected: int | None, net: int, is_held: bool, reason: str | None) -> None:
    assert must_be_held(expected_net=expected, net=net, customer_is_held=is_held) == reason
