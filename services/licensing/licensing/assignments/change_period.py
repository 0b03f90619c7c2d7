"""Change the days of an assignment ("Change user")."""

from datetime import date

from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of
from chassis.kernel.errors import FieldError, Invalid
from chassis.kernel.periods import Period
from licensing.assignments import rules, store
from licensing.assignments.announce import announce
from licensing.assignments.assign_many import details_of
from licensing.assignments.assignment import Assignment
from licensing.assignments.errors import AlreadyAssigned, NoFreeSeat
from licensing.assignments.events import AssignmentPeriodChanged
from licensing.assignments.lock import InHand, refuse_when_over
from licensing.assignments.plan import days_of
from licensing.assignments.resize import resize
from licensing.assignments.rules import Holding, seat_all
from licensing.changes.mark import mark
from licensing.history.record import Deed, record


async def change_period(
    tx: Transaction, in_hand: InHand, *, first_day: date, last_day: date | None, notify: bool = True
) -> Assignment:
    """Set the first and last day (None: as long as the license).

    Raises AssignmentOver, Invalid (with the codes of refused days), AlreadyAssigned, NoFreeSeat. The seat stays the
    same wherever it can. Days that are the same already change nothing.
    """
    before = in_hand.assignment
    refuse_when_over(tx, before)
    if (before.first_day, before.last_day) == (first_day, last_day):
        return before
    values = _checked_days(tx, in_hand, first_day, last_day)
    await _refuse_second_seat(tx, in_hand, Period(first_day, values["until_day"]))
    seat = await _seat_for(tx, in_hand, Period(first_day, values["until_day"]))
    after = await store.change(tx, before.id, values | {"seat_no": seat[0], "seat": seat[1]})
    if in_hand.license.over_quantity:
        await resize(tx, in_hand.license, organization=in_hand.organization)
    deed = Deed(
        after.organization_id,
        after.license_id,
        "assignment.period_changed",
        after.id,
        {"before": details_of(before), "after": details_of(after)},
    )
    await record(tx, [deed])
    await announce(
        tx,
        [after],
        AssignmentPeriodChanged,
        notify=notify,
        organization=in_hand.organization,
        previous_first_day=before.first_day,
        previous_last_day=before.last_day,
    )
    await mark(tx, product_code=after.product_code, emails=[after.email])
    return after


def _checked_days(tx: Transaction, in_hand: InHand, first_day: date, last_day: date | None) -> dict[str, object]:
    if last_day is not None and last_day < first_day:
        raise refusal_of("/last_day", "invalid_period", "The last day cannot lie before the first day.")
    license, before = in_hand.license, in_hand.assignment
    refused = rules.refuse_change(
        Period(before.first_day, before.last_day),
        Period(first_day, last_day),
        term=Period(min(license.starts_on, license.first_day), license.last_day),
        today=day_of(tx.now, in_hand.organization.time_zone),
    )
    if refused is not None:
        is_about_start = first_day != before.first_day
        raise refusal_of("/first_day" if is_about_start else "/last_day", refused, rules.SENTENCES[refused])
    return days_of(
        license,
        first_day=first_day,
        last_day=last_day,
        time_zone=in_hand.organization.time_zone,
        now=tx.now,
    )


async def _refuse_second_seat(tx: Transaction, in_hand: InHand, period: Period) -> None:
    mine = in_hand.assignment
    held = await store.held_days(
        tx, organization_id=mine.organization_id, product_code=mine.product_code, emails=[mine.email]
    )
    if any(other_id != mine.id and period.overlaps(days) for other_id, days in held.get(mine.email, ())):
        raise AlreadyAssigned(rules.SENTENCES[rules.ALREADY_ASSIGNED])


async def _seat_for(tx: Transaction, in_hand: InHand, period: Period) -> tuple[int, int]:
    """The same seat if it is free on the new days, else another, else one made free by moving later holders."""
    mine, license = in_hand.assignment, in_hand.license
    if license.over_quantity and not _lies_within(period, mine.period):
        raise NoFreeSeat("More seats are in use than the license has: give some up first.")
    free = await store.free_seats(tx, license.id, period=period, wanted=1, preferred=mine.seat_no, except_id=mine.id)
    today = day_of(tx.now, in_hand.organization.time_zone)
    has_begun = mine.first_day <= today and period.first_day <= today
    if free and (free[0][0] == mine.seat_no or not has_begun):
        return free[0]
    others = [h for h in await store.holdings(tx, license.id, today=today) if h.key != mine.id]
    live = await store.live_seats(tx, license.id)
    me = Holding(mine.id, mine.seat_no, period, is_movable=not has_begun)
    seating = seat_all([*others, me], list(live))
    if seating is None:
        raise NoFreeSeat(rules.SENTENCES[rules.NO_FREE_SEAT])
    await store.move(tx, {h.key: seating[h.key] for h in others if h.seat_no != seating[h.key]})
    return seating[mine.id], live[seating[mine.id]]


def _lies_within(inner: Period, outer: Period) -> bool:
    if outer.last_day is None:
        return inner.first_day >= outer.first_day
    return inner.first_day >= outer.first_day and inner.last_day is not None and inner.last_day <= outer.last_day


def refusal_of(pointer: str, code: str, sentence: str) -> Invalid:
    """The refusal of one field of the input."""
    return Invalid(errors=[FieldError(pointer, code, sentence)])
