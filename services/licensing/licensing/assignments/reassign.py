"""Hand a seat from one address to another at once."""

from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of
from chassis.kernel.periods import Period
from licensing.assignments import rules, store
from licensing.assignments.announce import announce
from licensing.assignments.assign_many import created
from licensing.assignments.assignment import Assignment
from licensing.assignments.deactivate import tell_deactivated
from licensing.assignments.errors import AlreadyAssigned
from licensing.assignments.events import AssignmentCreated
from licensing.assignments.lock import InHand, refuse_when_over
from licensing.assignments.plan import assignment_from, row_of
from licensing.changes.mark import mark
from licensing.history.record import record


async def reassign(
    tx: Transaction, in_hand: InHand, *, email: str, note: str | None = None, notify: bool = True
) -> Assignment:
    """End the assignment now and give its seat and its remaining days to `email`; the new assignment.

    History keeps both: an assignment never changes its person. Raises AssignmentOver, AlreadyAssigned.
    """
    before = in_hand.assignment
    refuse_when_over(tx, before)
    first_day = max(before.first_day, day_of(tx.now, in_hand.organization.time_zone))
    held = await store.held_days(
        tx, organization_id=before.organization_id, product_code=before.product_code, emails=[email]
    )
    if any(Period(first_day, before.until_day).overlaps(days) for _, days in held.get(email, ())):
        raise AlreadyAssigned(rules.SENTENCES[rules.ALREADY_ASSIGNED])
    (closed,) = await store.close(tx, [before.id], reason="reassigned", by=tx.actor)
    await tell_deactivated(tx, in_hand, closed, reason="reassigned", notify=notify)
    row = row_of(
        in_hand.license,
        email=email,
        seat=(before.seat_no, before.seat),
        first_day=first_day,
        last_day=before.last_day,
        time_zone=in_hand.organization.time_zone,
        now=tx.now,
        by=tx.actor,
        note=note,
        previous_id=before.id,
    )
    await store.add(tx, [row])
    after = assignment_from(row)
    await record(tx, [created(after)])
    await announce(tx, [after], AssignmentCreated, notify=notify, organization=in_hand.organization)
    await mark(tx, product_code=after.product_code, emails=[email])
    return after
