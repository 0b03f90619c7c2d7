"""Give seats of a license to many addresses at once, each with its own answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of
from chassis.kernel.periods import Period
from licensing.assignments import rules, store
from licensing.assignments.announce import announce
from licensing.assignments.assignment import Assignment
from licensing.assignments.errors import NotAssignable
from licensing.assignments.events import AssignmentCreated
from licensing.assignments.parse_addresses import Entry
from licensing.assignments.plan import assignment_from, row_of
from licensing.assignments.resize import resize
from licensing.assignments.rules import Holding, seat_all, taken_until
from licensing.changes.mark import mark
from licensing.history.record import Deed, record
from licensing.licenses.announce import announce as announce_license
from licensing.licenses.announce import count_held, free_seats
from licensing.licenses.events import SeatsLow
from licensing.licenses.license import License
from licensing.licenses.lock import lock_license
from licensing.licenses.rules import last_possible_day
from licensing.organizations.queries import organization_of
from licensing.organizations.snapshots import Organization


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one entry: an assignment, or the code of a refusal."""

    entry: Entry
    code: str | None = None
    assignment: Assignment | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """An entry that may be assigned if a seat is free: its place in the input, and the days it takes."""

    place: int
    email: str
    first_day: date
    last_day: date | None
    period: Period


async def assign_many(
    tx: Transaction,
    *,
    license_id: str,
    organization_id: str | None,
    entries: Sequence[Entry],
    first_day: date | None = None,
    last_day: date | None = None,
    note: str | None = None,
    notify: bool = True,
) -> list[Answer]:
    """Assign a seat to each entry that can have one; one answer per entry, in the order of the input.

    Default days: from today (or the term's first day) to the license's end. A wrong entry stops none of the others.
    Raises LicenseNotFound, NotAssignable.
    """
    license = await lock_license(tx, license_id, organization_id=organization_id)
    if license.is_one_off:
        raise NotAssignable("This license serves its buyer only, until it expires or its units are used up.")
    organization = await organization_of(tx, license.organization_id)
    if license.over_quantity:
        license = await resize(tx, license, organization=organization)
    answers, wishes = await _judge(tx, license, organization, entries, first_day, last_day)
    made: dict[int, dict[str, Any]] = {}
    for _, run in groupby(wishes, key=lambda wish: wish.period):
        made |= await _seat_run(tx, license, organization, list(run), note)
    for wish in wishes:
        row = made.get(wish.place)
        answers[wish.place] = Answer(
            entries[wish.place],
            code=rules.NO_FREE_SEAT if row is None else None,
            assignment=None if row is None else assignment_from(row),
        )
    await _tell(tx, license, organization, [a.assignment for a in answers if a.assignment is not None], notify)
    return answers


async def _judge(
    tx: Transaction,
    license: License,
    organization: Organization,
    entries: Sequence[Entry],
    first_day: date | None,
    last_day: date | None,
) -> tuple[list[Answer], list[Wish]]:
    """The refusals that need no seat to be looked for, and the wishes that are left."""
    today = day_of(tx.now, organization.time_zone)
    emails = sorted({entry.email for entry in entries if entry.email})
    held = await store.held_days(
        tx, organization_id=license.organization_id, product_code=license.product_code, emails=emails
    )
    answers: list[Answer] = []
    wishes: list[Wish] = []
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        outcome = _judge_one(tx, license, today, entry, first_day, last_day, seen, held, place)
        if isinstance(outcome, Wish):
            wishes.append(outcome)
            outcome = None
        answers.append(Answer(entry, code=outcome))
    return answers, wishes


def _judge_one(
    tx: Transaction,
    license: License,
    today: date,
    entry: Entry,
    first_day: date | None,
    last_day: date | None,
    seen: set[str],
    held: dict[str, list[tuple[str, Period]]],
    place: int,
) -> Wish | str:
    if entry.email is None:
        return rules.INVALID_EMAIL
    if entry.email in seen:
        return rules.DUPLICATE_IN_INPUT
    seen.add(entry.email)
    if license.status_at(tx.now) not in rules.ASSIGNABLE:
        return rules.LICENSE_NOT_ACTIVE
    begins = entry.first_day or first_day or max(today, license.starts_on)
    ends = entry.last_day or last_day
    if ends is not None and ends < today:
        return rules.PERIOD_IN_PAST
    if entry.has_bad_days or (ends is not None and ends < begins):
        return rules.OUTSIDE_LICENSE_TERM
    refusal = rules.refuse_period(Period(begins, ends), term=_term(license), today=today)
    if refusal is not None:
        return refusal
    period = Period(begins, taken_until(ends, last_possible_day(license.agreement)))
    if any(period.overlaps(other) for _, other in held.get(entry.email, ())):
        return rules.ALREADY_ASSIGNED
    return Wish(place, entry.email, begins, ends, period)


def _term(license: License) -> Period:
    return Period(min(license.starts_on, license.first_day), license.last_day)


async def _seat_run(
    tx: Transaction, license: License, organization: Organization, run: list[Wish], note: str | None
) -> dict[int, dict[str, Any]]:
    """Seat wishes for the same days; the rows made, by place in the input."""
    if license.over_quantity:
        return {}
    free = await store.free_seats(tx, license.id, period=run[0].period, wanted=len(run))
    rows = _rows(tx, license, organization, zip(run, free, strict=False), note)
    if rows:
        await store.add(tx, list(rows.values()))
    for wish in run[len(free) :]:
        seat = await _make_room(tx, license, organization, wish.period)
        if seat is None:
            break
        row = _rows(tx, license, organization, iter([(wish, seat)]), note)
        await store.add(tx, list(row.values()))
        rows |= row
    return rows


async def _make_room(
    tx: Transaction, license: License, organization: Organization, period: Period
) -> tuple[int, int] | None:
    """A seat for all of the days by moving people whose days have not begun; None when every seat is taken some day."""
    holdings = await store.holdings(tx, license.id, today=day_of(tx.now, organization.time_zone))
    if not any(holding.is_movable for holding in holdings):
        return None
    live = await store.live_seats(tx, license.id)
    newcomer = Holding("", 0, period, is_movable=True)
    seating = seat_all([*holdings, newcomer], list(live))
    if seating is None:
        return None
    await store.move(tx, {h.key: seating[h.key] for h in holdings if h.seat_no != seating[h.key]})
    return seating[""], live[seating[""]]


def _rows(
    tx: Transaction,
    license: License,
    organization: Organization,
    seated: Iterator[tuple[Wish, tuple[int, int]]],
    note: str | None,
) -> dict[int, dict[str, Any]]:
    return {
        wish.place: row_of(
            license,
            email=wish.email,
            seat=seat,
            first_day=wish.first_day,
            last_day=wish.last_day,
            time_zone=organization.time_zone,
            now=tx.now,
            by=tx.actor,
            note=note,
        )
        for wish, seat in seated
    }


async def _tell(
    tx: Transaction, license: License, organization: Organization, made: list[Assignment], notify: bool
) -> None:
    if not made:
        return
    await record(tx, [created(assignment) for assignment in made])
    await announce(tx, made, AssignmentCreated, notify=notify, organization=organization)
    await mark(tx, product_code=license.product_code, emails=[a.email for a in made])
    assigned = await count_held(tx, license)
    if license.quantity > 1 and free_seats(license, assigned=assigned, status="active") == 0:
        await announce_license(tx, license, SeatsLow, assigned=assigned, organization=organization)


def created(assignment: Assignment) -> Deed:
    """The deed to write down for a new assignment."""
    return Deed(
        assignment.organization_id,
        assignment.license_id,
        "assignment.created",
        assignment.id,
        details_of(assignment),
        by=assignment.created_by,
    )


def details_of(assignment: Assignment) -> dict[str, Any]:
    """What the history keeps of an assignment's days."""
    return {
        "email": assignment.email,
        "first_day": assignment.first_day,
        "last_day": assignment.last_day,
        "seat": assignment.seat,
    }
