"""Who may hold which seat on which days, decided from days alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis.kernel.periods import Period

INVALID_EMAIL = "invalid_email"
DUPLICATE_IN_INPUT = "duplicate_in_input"
ALREADY_ASSIGNED = "already_assigned"
NO_FREE_SEAT = "no_free_seat"
OUTSIDE_LICENSE_TERM = "outside_license_term"
PERIOD_IN_PAST = "period_in_past"
LICENSE_NOT_ACTIVE = "license_not_active"

SENTENCES = {
    INVALID_EMAIL: "This is not an e-mail address.",
    DUPLICATE_IN_INPUT: "This address stands more than once in your list.",
    ALREADY_ASSIGNED: "This address already holds a seat of this product on one of these days.",
    NO_FREE_SEAT: "No seat of this license is free on all of these days.",
    OUTSIDE_LICENSE_TERM: "The days lie outside the license's term.",
    PERIOD_IN_PAST: "The days must not lie in the past.",
    LICENSE_NOT_ACTIVE: "Seats of this license cannot be assigned, because it is not active.",
}

BAD_DAYS = "The days of this row cannot be used: write them like 2027-03-31, the last not before the first."
"""In place of the sentence of OUTSIDE_LICENSE_TERM, for rows of a table."""

ONE_DAY = timedelta(days=1)
ASSIGNABLE = ("active", "grace", "scheduled")


@dataclass(frozen=True, slots=True)
class Holding:
    """A seat held over a period. `is_movable`: it has not begun, so another seat would serve as well."""

    key: str
    seat_no: int
    period: Period
    is_movable: bool


def refuse_period(wanted: Period, *, term: Period, today: date) -> str | None:
    """Why the days cannot be assigned, or None. The days lie within the term, and not in the past."""
    if wanted.first_day < today:
        return PERIOD_IN_PAST
    if not term.contains(wanted.first_day):
        return OUTSIDE_LICENSE_TERM
    if wanted.last_day is not None and not term.contains(wanted.last_day):
        return OUTSIDE_LICENSE_TERM
    return None


def refuse_change(before: Period, after: Period, *, term: Period, today: date) -> str | None:
    """Why an assignment's days cannot become `after`: as for a new one, but a first day that has begun may stay."""
    if after.first_day == before.first_day and after.first_day < today:
        if after.last_day is not None and after.last_day < today:
            return PERIOD_IN_PAST
        if after.last_day is not None and after.last_day != before.last_day and not term.contains(after.last_day):
            return OUTSIDE_LICENSE_TERM
        return None
    return refuse_period(after, term=term, today=today)


def taken_until(last_day: date | None, last_possible_day: date | None) -> date | None:
    """The last day a seat is really taken: an open end follows the license."""
    if last_day is None or last_possible_day is None:
        return last_day or last_possible_day
    return min(last_day, last_possible_day)


def seat_all(holdings: Iterable[Holding], seats: Sequence[int]) -> dict[str, int] | None:
    """A seat of `seats` for every holding, or None when some day has more holders than there are seats.

    Those who have begun keep their seat; the others are seated in the order of their first days, each on the lowest
    seat that is free. Whoever begins later cannot stand in the way of who began before, so this finds a seating
    whenever there is one.
    """
    taken: dict[int, list[Period]] = {seat: [] for seat in seats}
    seating: dict[str, int] = {}
    movable = []
    for holding in holdings:
        if holding.is_movable:
            movable.append(holding)
            continue
        if holding.seat_no not in taken:
            return None
        taken[holding.seat_no].append(holding.period)
        seating[holding.key] = holding.seat_no
    for holding in sorted(movable, key=lambda h: (h.period.first_day, h.key)):
        seat = _first_free(holding, taken)
        if seat is None:
            return None
        taken[seat].append(holding.period)
        seating[holding.key] = seat
    return seating


def _first_free(holding: Holding, taken: dict[int, list[Period]]) -> int | None:
    order = [holding.seat_no, *taken] if holding.seat_no in taken else list(taken)
    for seat in order:
        if not any(period.overlaps(holding.period) for period in taken[seat]):
            return seat
    return None


def seats_to_keep(holdings: Iterable[Holding], live: Sequence[int], count: int) -> list[int]:
    """Which `count` of the live seats stay: those that cannot be left now first, then the lowest numbers."""
    in_use = {holding.seat_no for holding in holdings if not holding.is_movable}
    return sorted(sorted(live, key=lambda no: (no not in in_use, no))[:count])


def seats_needed(holdings: Iterable[Holding]) -> int:
    """The most seats that are held on any one day; `seat_all` needs no more."""
    turns: list[tuple[date, int]] = []
    for holding in holdings:
        turns.append((holding.period.first_day, 1))
        if holding.period.last_day is not None:
            turns.append((holding.period.last_day + ONE_DAY, -1))
    held = most = 0
    for _, change in sorted(turns):
        held += change
        most = max(most, held)
    return most


def status_of(*, closed_reason: str | None, starts_at: datetime, ends_at: datetime | None, now: datetime) -> str:
    """`scheduled`, `active`, `ended` or `deactivated`, whatever a timer has or has not announced."""
    if closed_reason is not None:
        return "ended" if closed_reason in ("ended", "license_ended", "rolled_back") else "deactivated"
    if now < starts_at:
        return "scheduled"
    return "ended" if ends_at is not None and now >= ends_at else "active"
