"""Which assignments to show, and in which order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, text

from chassis.kernel.emails import spellings_of_part
from licensing.assignments.models import assignments
from licensing.assignments.store import COLUMNS

When = Literal["current", "future", "past", "current_and_future"]
Sort = Literal["email", "-email", "first_day", "-first_day", "last_day", "-last_day", "seat", "-seat"]
ENDED_REASONS = ("ended", "license_ended", "rolled_back")
STATUSES_WHEN: dict[str, tuple[str, ...]] = {
    "current": ("active",),
    "future": ("scheduled",),
    "past": ("ended", "deactivated"),
    "current_and_future": ("active", "scheduled"),
}
SORT_KEYS: dict[str, ColumnElement[Any]] = {
    "email": assignments.c.email,
    "first_day": assignments.c.first_day,
    "last_day": func.coalesce(assignments.c.last_day, literal(date.max)),
    "seat": assignments.c.seat,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which assignments to show; None does not restrict. `search`: a part of the address, whatever its case."""

    organization_id: str | None = None
    license_id: str | None = None
    email: str | None = None
    search: str | None = None
    product: str | None = None
    seat: int | None = None
    status: str | None = None
    when: When | None = None


def selection(filters: Filters, now: datetime) -> Select[Any]:
    """The statement that finds them. One license's are found by its index; the rest is compared row by row."""
    statement = select(*COLUMNS)
    exact = {
        "organization_id": filters.organization_id,
        "license_id": filters.license_id,
        "email": filters.email,
        "product_code": filters.product,
        "seat": filters.seat,
    }
    for name, value in exact.items():
        if value is not None:
            statement = statement.where(assignments.c[name] == value)
    if filters.search:
        parts = spellings_of_part(filters.search)
        statement = statement.where(or_(*[assignments.c.email.contains(part, autoescape=True) for part in parts]))
    if filters.status is not None:
        statement = statement.where(_status(now) == filters.status)
    if filters.when is not None:
        statement = statement.where(_status(now).in_(STATUSES_WHEN[filters.when]))
    return statement


def ordering(sort: Sort | None) -> tuple[list[ColumnElement[Any]], bool]:
    """The columns to order by, the last one unique, and whether downwards. None: as they were made."""
    if sort is None:
        return [assignments.c.id], False
    return [SORT_KEYS[sort.removeprefix("-")], assignments.c.id], sort.startswith("-")


def _status(now: datetime) -> ColumnElement[str]:
    """What Assignment.status_at says, in SQL."""
    is_closed = assignments.c.closed_at.is_not(None)
    has_ended = and_(assignments.c.ends_at.is_not(None), assignments.c.ends_at <= now)
    return case(
        (and_(is_closed, assignments.c.closed_reason.in_(ENDED_REASONS)), text("'ended'")),
        (is_closed, text("'deactivated'")),
        (assignments.c.starts_at > now, text("'scheduled'")),
        (has_ended, text("'ended'")),
        else_=text("'active'"),
    )
