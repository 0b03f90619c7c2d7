"""Make the row of a new assignment."""

from datetime import date, datetime
from typing import Any

from chassis.kernel.clock import start_of_day
from chassis.kernel.ids import new_id
from licensing.assignments.assignment import Assignment
from licensing.assignments.rules import ONE_DAY, taken_until
from licensing.licenses.license import License
from licensing.licenses.rules import last_possible_day


def row_of(
    license: License,
    *,
    email: str,
    seat: tuple[int, int],
    first_day: date,
    last_day: date | None,
    time_zone: str,
    now: datetime,
    by: str,
    automatic: bool = False,
    note: str | None = None,
    previous_id: str | None = None,
) -> dict[str, Any]:
    """The columns of an assignment of `seat` (key, number) to `email`."""
    return days_of(license, first_day=first_day, last_day=last_day, time_zone=time_zone, now=now) | {
        "id": new_id("asg"),
        "license_id": license.id,
        "organization_id": license.organization_id,
        "product_code": license.product_code,
        "seat_no": seat[0],
        "seat": seat[1],
        "email": email,
        "automatic": automatic,
        "note": note,
        "previous_id": previous_id,
        "created_at": now,
        "created_by": by,
    }


def days_of(
    license: License, *, first_day: date, last_day: date | None, time_zone: str, now: datetime
) -> dict[str, Any]:
    """The columns that say when: the days, and the instants at which they begin and are over."""
    until_day = taken_until(last_day, last_possible_day(license.agreement))
    starts_at = start_of_day(first_day, time_zone)
    return {
        "first_day": first_day,
        "last_day": last_day,
        "until_day": until_day,
        "starts_at": starts_at,
        "ends_at": None if until_day is None else start_of_day(until_day + ONE_DAY, time_zone),
        "state": "scheduled" if starts_at > now else "started",
    }


def assignment_from(row: dict[str, Any]) -> Assignment:
    """The assignment that the row of `row_of` becomes."""
    return Assignment(**row, closed_at=None, closed_by=None, closed_reason=None, version=1)
