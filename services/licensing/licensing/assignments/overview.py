"""Show assignments and seats."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from licensing.assignments import schemas
from licensing.assignments.assignment import Assignment
from licensing.assignments.errors import AssignmentNotFound
from licensing.assignments.models import assignments
from licensing.assignments.selection import Filters, Sort, ordering, selection
from licensing.assignments.store import COLUMNS, assignment_of, by_id
from licensing.licenses.seats import seats_of


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


async def list_assignments(
    reader: Reader, filters: Filters, page: PageParams, *, sort: Sort | None = None
) -> Page[schemas.Assignment]:
    """A page of assignments, oldest first unless `sort` says otherwise."""
    order_by, descending = ordering(sort)
    return await page_of(
        reader,
        selection(filters, reader.now),
        page,
        order_by=order_by,
        descending=descending,
        convert=lambda row: _shown(row, reader.now),
    )


async def list_counted(
    reader: Reader, filters: Filters, page: PageParams, *, sort: Sort | None = None, skip: int = 0
) -> schemas.AssignmentPage:
    """The same with the number of all that match, and from any place on: for lists with numbered pages."""
    order_by, descending = ordering(sort)
    found = selection(filters, reader.now)
    shown = await page_of(
        reader,
        found.offset(skip) if page.cursor is None else found,
        page,
        order_by=order_by,
        descending=descending,
        convert=lambda row: _shown(row, reader.now),
    )
    total = await reader.scalar(select(func.count()).select_from(found.subquery()))
    return schemas.AssignmentPage(items=shown.items, next_cursor=shown.next_cursor, total=total)


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


def _shown(row: Row[Any], now: datetime) -> schemas.Assignment:
    return described(assignment_of(row[: len(COLUMNS)]), now)  # type: ignore[arg-type]
