"""Show assignments and seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, select, text

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from licensing.assignments import schemas
from licensing.assignments.assignment import Assignment
from licensing.assignments.errors import AssignmentNotFound
from licensing.assignments.models import assignments
from licensing.assignments.store import COLUMNS, assignment_of, by_id
from licensing.licenses.seats import seats_of

ENDED_REASONS = ("ended", "license_ended", "rolled_back")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which assignments to show; None does not restrict."""

    organization_id: str | None = None
    license_id: str | None = None
    email: str | None = None
    product: str | None = None
    status: str | None = None


def described(assignment: Assignment, now: datetime) -> schemas.Assignment:
    """The assignment as clients see it."""
    status = assignment.status_at(now)
    has_ended = status in ("ended", "deactivated")
    return schemas.Assignment(
        id=assignment.id,
        license_id=assignment.license_id,
        product=assignment.product_code,
        email=assignment.email,
        first_day=assignment.first_day,
        last_day=assignment.last_day,
        seat=assignment.seat,
        status=status,
        automatic=assignment.automatic,
        note=assignment.note,
        previous_id=assignment.previous_id,
        created_at=assignment.created_at,
        created_by=assignment.created_by,
        ended_at=(assignment.closed_at or assignment.ends_at) if has_ended else None,
        ended_by=assignment.closed_by,
        ended_reason=assignment.closed_reason or ("ended" if has_ended else None),
    )


async def assignment_for(reader: Reader, assignment_id: str, *, organization_id: str | None) -> Assignment:
    """The assignment. Raises AssignmentNotFound, for another organization's too."""
    assignment = await by_id(reader, assignment_id)
    if assignment is None or organization_id not in (None, assignment.organization_id):
        raise AssignmentNotFound("There is no such assignment.")
    return assignment


async def list_assignments(reader: Reader, filters: Filters, page: PageParams) -> Page[schemas.Assignment]:
    """A page of assignments, oldest first."""

    def convert(row: Row[Any]) -> schemas.Assignment:
        return described(assignment_of(row[: len(COLUMNS)]), reader.now)  # type: ignore[arg-type]

    return await page_of(reader, _selection(reader, filters), page, order_by=[assignments.c.id], convert=convert)


async def list_seats(reader: Reader, license_id: str, page: PageParams) -> Page[schemas.Seat]:
    """A page of a license's seats by number, each with all who held, hold or will hold it."""
    seats = await seats_of(reader, license_id, page)
    statement = (
        select(*COLUMNS)
        .where(assignments.c.seat_no.in_([seat.no for seat in seats.items]))
        .order_by(assignments.c.first_day, assignments.c.id)
    )
    held_by: dict[int, list[Assignment]] = {}
    for row in await reader.all(statement):
        held_by.setdefault(row.seat_no, []).append(assignment_of(row))
    items = [_seat(seat.slot, seat.is_live, held_by.get(seat.no, ()), reader.now) for seat in seats.items]
    return Page(items=items, next_cursor=seats.next_cursor)


def _seat(number: int, is_live: bool, holders: Sequence[Assignment], now: datetime) -> schemas.Seat:
    shown = [described(assignment, now) for assignment in holders]
    holder = next((assignment for assignment in shown if assignment.status == "active"), None)
    upcoming = [assignment for assignment in shown if assignment.status == "scheduled"]
    status = "held" if holder else "scheduled" if upcoming else "free" if is_live else "retired"
    past = [assignment for assignment in shown if assignment.status in ("ended", "deactivated")]
    return schemas.Seat(seat=number, status=status, holder=holder, upcoming=upcoming, past=past)


def _selection(reader: Reader, filters: Filters) -> Select[Any]:
    statement = select(*COLUMNS)
    exact = {
        "organization_id": filters.organization_id,
        "license_id": filters.license_id,
        "email": filters.email,
        "product_code": filters.product,
    }
    for name, value in exact.items():
        if value is not None:
            statement = statement.where(assignments.c[name] == value)
    if filters.status is not None:
        statement = statement.where(_status(reader.now) == filters.status)
    return statement


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
