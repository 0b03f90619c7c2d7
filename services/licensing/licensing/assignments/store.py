"""The private statements of the assignments feature."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, bindparam, insert, or_, select, text, update

from chassis.db.transaction import Reader, Transaction
from chassis.kernel.periods import Period
from licensing.assignments.assignment import Assignment
from licensing.assignments.models import assignments
from licensing.assignments.rules import Holding

COLUMNS = [column for column in assignments.c if column.name != "holds"]
BY_ID = select(*COLUMNS).where(assignments.c.id == bindparam("assignment_id"))
# NOT IN, because it is looked up in a hash whatever the planner believes of tables that have just grown: NOT EXISTS
# compared each of 5,000 new seats with each of 4,000 new assignments.
FREE_SEATS = text(
    "SELECT s.no, s.slot FROM seats s WHERE s.license_id = :license_id AND s.retired_at IS NULL "
    "AND s.no NOT IN (SELECT a.seat_no FROM assignments a WHERE a.license_id = :license_id AND a.closed_at IS NULL "
    "AND a.id <> :except_id AND daterange(a.first_day, a.until_day, '[]') && daterange(:first_day, :until_day, '[]')) "
    "ORDER BY s.no <> :preferred, s.slot LIMIT :wanted"
).bindparams(bindparam("first_day", type_=Date), bindparam("until_day", type_=Date))
LIVE_SEATS = text("SELECT no, slot FROM seats WHERE license_id = :license_id AND retired_at IS NULL ORDER BY slot")
RETIRE_SEATS = text("UPDATE seats SET retired_at = :now WHERE no = ANY(CAST(:seat_nos AS bigint[]))")
MOVE = text(
    "UPDATE assignments a SET seat_no = m.seat_no, seat = s.slot, version = a.version + 1 "
    "FROM unnest(CAST(:ids AS text[]), CAST(:seat_nos AS bigint[])) AS m(id, seat_no) "
    "JOIN seats s ON s.no = m.seat_no WHERE a.id = m.id"
)
FOLLOW_LICENSE = text(
    "UPDATE assignments a SET until_day = b.until_day, "
    "ends_at = CAST(b.until_day + 1 AS timestamp) AT TIME ZONE :time_zone "
    "FROM (SELECT o.id, LEAST(CAST(:last_possible_day AS date), (SELECT min(n.first_day) - 1 FROM assignments n "
    "WHERE n.email = o.email AND n.product_code = o.product_code AND n.organization_id = o.organization_id "
    "AND n.closed_at IS NULL AND n.first_day > o.first_day)) AS until_day "
    "FROM assignments o WHERE o.license_id = :license_id AND o.closed_at IS NULL AND o.last_day IS NULL) b "
    "WHERE a.id = b.id AND b.until_day IS DISTINCT FROM a.until_day "
    "AND (b.until_day IS NULL OR b.until_day >= a.first_day)"
).bindparams(bindparam("last_possible_day", type_=Date))


def assignment_of(row: Row[Any]) -> Assignment:
    """The row as an Assignment."""
    return Assignment(*row)


async def by_id(reader: Reader, assignment_id: str) -> Assignment | None:
    """The assignment, not locked: its license's row is what is locked."""
    row = await reader.first(BY_ID, {"assignment_id": assignment_id})
    return None if row is None else assignment_of(row)


async def add(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert assignments."""
    await tx.execute(insert(assignments), rows)


async def change(tx: Transaction, assignment_id: str, values: Mapping[str, Any]) -> Assignment:
    """Update an assignment, counting its version up."""
    statement = (
        update(assignments)
        .where(assignments.c.id == assignment_id)
        .values(**values, version=assignments.c.version + 1)
        .returning(*COLUMNS)
    )
    return assignment_of(await tx.one(statement))


async def close(tx: Transaction, ids: Sequence[str], *, reason: str, by: str) -> list[Assignment]:
    """End assignments now; what they held is free."""
    state = "ended" if reason in ("ended", "license_ended", "rolled_back") else "deactivated"
    statement = (
        update(assignments)
        .where(assignments.c.id.in_(ids), assignments.c.closed_at.is_(None))
        .values(closed_at=tx.now, closed_by=by, closed_reason=reason, state=state, version=assignments.c.version + 1)
        .returning(*COLUMNS)
    )
    return [assignment_of(row) for row in await tx.all(statement)]


async def open_of_license(reader: Reader, license_id: str) -> list[Assignment]:
    """The assignments of a license that are not closed, in the order they were made."""
    statement = (
        select(*COLUMNS)
        .where(assignments.c.license_id == license_id, assignments.c.closed_at.is_(None))
        .order_by(assignments.c.id)
    )
    return [assignment_of(row) for row in await reader.all(statement)]


async def held_days(
    reader: Reader, *, organization_id: str, product_code: str, emails: Sequence[str]
) -> dict[str, list[tuple[str, Period]]]:
    """The days on which each address holds a seat of the product in the organization, with the assignments' ids."""
    statement = select(assignments.c.id, assignments.c.email, assignments.c.first_day, assignments.c.until_day).where(
        assignments.c.organization_id == organization_id,
        assignments.c.product_code == product_code,
        assignments.c.email.in_(emails),
        assignments.c.closed_at.is_(None),
    )
    held: dict[str, list[tuple[str, Period]]] = {}
    for row in await reader.all(statement):
        held.setdefault(row.email, []).append((row.id, Period(row.first_day, row.until_day)))
    return held


async def holdings(reader: Reader, license_id: str, *, today: date) -> list[Holding]:
    """Who holds which seat of the license today or later; those that begin later may still be moved."""
    statement = select(assignments.c.id, assignments.c.seat_no, assignments.c.first_day, assignments.c.until_day).where(
        assignments.c.license_id == license_id,
        assignments.c.closed_at.is_(None),
        or_(assignments.c.until_day.is_(None), assignments.c.until_day >= today),
    )
    return [
        Holding(row.id, row.seat_no, Period(row.first_day, row.until_day), is_movable=row.first_day > today)
        for row in await reader.all(statement)
    ]


async def free_seats(
    reader: Reader, license_id: str, *, period: Period, wanted: int, preferred: int = 0, except_id: str = ""
) -> list[tuple[int, int]]:
    """Up to `wanted` seats (key, number) that nobody but `except_id` holds on any day of the period."""
    rows = await reader.all(
        FREE_SEATS,
        {
            "license_id": license_id,
            "first_day": period.first_day,
            "until_day": period.last_day,
            "wanted": wanted,
            "preferred": preferred,
            "except_id": except_id,
        },
    )
    return [(row.no, row.slot) for row in rows]


async def live_seats(reader: Reader, license_id: str) -> dict[int, int]:
    """The numbers of the seats in use, by their keys."""
    return {row.no: row.slot for row in await reader.all(LIVE_SEATS, {"license_id": license_id})}


async def retire_seats(tx: Transaction, seat_nos: Sequence[int]) -> None:
    """Take free seats out of use."""
    await tx.execute(RETIRE_SEATS, {"seat_nos": list(seat_nos), "now": tx.now})


async def move(tx: Transaction, seating: Mapping[str, int]) -> None:
    """Give assignments other seats, all in one statement, so that they may swap."""
    if seating:
        await tx.execute(MOVE, {"ids": list(seating), "seat_nos": list(seating.values())})


async def close_ended(tx: Transaction, license_id: str) -> list[Assignment]:
    """Close the assignments of a license whose last day is over."""
    statement = (
        update(assignments)
        .where(
            assignments.c.license_id == license_id,
            assignments.c.closed_at.is_(None),
            assignments.c.ends_at <= tx.now,
        )
        .values(
            closed_at=assignments.c.ends_at,
            closed_by="system:calendar",
            closed_reason="ended",
            state="ended",
            version=assignments.c.version + 1,
        )
        .returning(*COLUMNS)
    )
    return [assignment_of(row) for row in await tx.all(statement)]


async def pool_with_ended(reader: Reader) -> Row[Any] | None:
    """An organization and product with assignments to close, those that have waited longest first."""
    statement = (
        select(assignments.c.organization_id, assignments.c.product_code)
        .where(assignments.c.closed_at.is_(None), assignments.c.ends_at <= reader.now)
        .order_by(assignments.c.ends_at)
        .limit(1)
    )
    return await reader.first(statement)


async def start(tx: Transaction, *, limit: int) -> list[Assignment]:
    """Note a batch of assignments whose first day has begun as started."""
    due = (
        select(assignments.c.id)
        .where(
            assignments.c.state == "scheduled",
            assignments.c.closed_at.is_(None),
            assignments.c.starts_at <= tx.now,
        )
        .order_by(assignments.c.starts_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(assignments)
        .where(assignments.c.id.in_(due.scalar_subquery()))
        .values(state="started")
        .returning(*COLUMNS)
    )
    return [assignment_of(row) for row in await tx.all(statement)]
