"""What a license gives at an instant, in the days of the organization."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from licensing.licenses.rules import Agreement, last_possible_day, next_turn, notices, standing, status_at

ZONES = ["Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin", "UTC", "Asia/Kathmandu"]
TERM = Agreement(starts_on=date(2027, 1, 1), last_day=date(2027, 3, 31), renews=False)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("zone", "begins", "ends"),
    [
        ("Pacific/Auckland", datetime(2026, 12, 31, 11, tzinfo=UTC), datetime(2027, 3, 31, 11, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2027, 1, 1, 8, tzinfo=UTC), datetime(2027, 4, 1, 7, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 3, 31, 22, tzinfo=UTC)),
        ("UTC", datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)),
    ],
)
def test_both_ends_are_days_of_the_organization(zone: str, begins: datetime, ends: datetime) -> None:
    given = standing(TERM, time_zone=zone)

    assert (given.access_from, given.access_until) == (begins, ends)
    assert status_at(begins - SECOND, given) == "scheduled"
    assert status_at(begins, given) == "active"
    assert status_at(ends - SECOND, given) == "active"
    assert status_at(ends, given) == "ended"


@pytest.mark.parametrize(
    ("agreement", "status"),
    [
        (Agreement(date(2027, 1, 1), date(2027, 3, 31), renews=True), ["active", "grace", "grace", "suspended"]),
        (Agreement(date(2027, 1, 1), date(2027, 3, 31), renews=False), ["active", "ended", "ended", "ended"]),
        (Agreement(date(2027, 1, 1), None, renews=False), ["active", "active", "active", "active"]),
        (
            Agreement(date(2027, 1, 1), date(2027, 3, 31), renews=True, past_due=True, grace_until=date(2027, 4, 2)),
            ["grace", "grace", "suspended", "suspended"],
        ),
        (
            Agreement(date(2027, 1, 1), date(2027, 3, 31), renews=False, ended_at=datetime(2027, 2, 1, tzinfo=UTC)),
            ["ended", "ended", "ended", "ended"],
        ),
    ],
)
def test_status_on_the_last_day_the_day_after_and_a_week_later(agreement: Agreement, status: list[str]) -> None:
    given = standing(agreement, time_zone="UTC")
    noon = datetime(2027, 3, 31, 12, tzinfo=UTC)

    assert [status_at(noon + timedelta(days=days), given) for days in (0, 1, 7, 8)] == status


def test_units_used_up_end_a_license_that_has_not_expired() -> None:
    given = standing(Agreement(date(2027, 1, 1), None, renews=False), time_zone="UTC")

    assert status_at(datetime(2027, 2, 1, tzinfo=UTC), given, units_used_up=True) == "used_up"


@pytest.mark.parametrize("zone", ZONES)
def test_every_turn_of_the_status_is_foreseen(zone: str) -> None:
    given = standing(Agreement(date(2027, 1, 1), date(2027, 3, 31), renews=True), time_zone=zone)
    now, statuses = datetime(2026, 6, 1, tzinfo=UTC), []

    while (turn := next_turn(now, given)) is not None:
        assert status_at(turn - SECOND, given) != status_at(turn, given)
        statuses.append(status_at(turn, given))
        now = turn

    assert statuses == ["active", "grace", "suspended"]


def test_an_open_end_is_bounded_only_when_no_term_follows() -> None:
    renewing = Agreement(date(2027, 1, 1), date(2027, 3, 31), renews=True)

    assert last_possible_day(renewing) is None
    assert last_possible_day(TERM) == date(2027, 3, 31)
    assert last_possible_day(renewing.ending_at(datetime(2027, 2, 1, tzinfo=UTC))) == date(2027, 3, 31)


def test_a_day_that_begins_after_midnight_begins_when_it_begins() -> None:
    """Santiago skipped midnight of 2026-09-06: its first instant is 01:00 of that day."""
    given = standing(Agreement(date(2026, 9, 6), date(2026, 9, 6), renews=False), time_zone="America/Santiago")

    assert given.access_from == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert given.access_until == datetime(2026, 9, 7, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quantity", "free", "status", "told"),
    [
        (3, 0, "active", ["seats_low"]),
        (3, 0, "grace", ["seats_low"]),
        (3, 1, "active", ["seats_waiting"]),
        (1, 0, "active", []),
        (1, 1, "scheduled", ["seats_waiting"]),
        (3, 1, "suspended", []),
        (3, 0, "ended", []),
    ],
)
def test_low_and_waiting_seats_are_told_while_the_license_gives_access(
    quantity: int, free: int, status: str, told: list[str]
) -> None:
    given = standing(replace(TERM, renews=True), time_zone="UTC")

    assert notices(datetime(2027, 1, 5, tzinfo=UTC), given, status=status, quantity=quantity, free=free) == told


def test_the_end_is_told_thirty_days_before_it_and_only_of_what_does_not_renew() -> None:
    ends = datetime(2027, 4, 1, tzinfo=UTC)
    for agreement, days, told in (
        (TERM, 31, []),
        (TERM, 30, ["expiring"]),
        (TERM, 1, ["expiring"]),
        (replace(TERM, renews=True), 1, []),
        (replace(TERM, last_day=None), 1, []),
    ):
        given = standing(agreement, time_zone="UTC")
        assert notices(ends - timedelta(days=days), given, status="active", quantity=1, free=0) == told
