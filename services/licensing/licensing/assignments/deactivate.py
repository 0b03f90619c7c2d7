"""Take access away: at once, or after a last day ("Deactivate")."""

from datetime import date

from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of
from licensing.assignments import store
from licensing.assignments.announce import announce
from licensing.assignments.assignment import Assignment
from licensing.assignments.change_period import change_period, refusal_of
from licensing.assignments.errors import AssignmentOver
from licensing.assignments.events import AssignmentDeactivated
from licensing.assignments.lock import InHand
from licensing.assignments.resize import resize
from licensing.assignments.set_note import set_note
from licensing.changes.mark import mark
from licensing.history.record import Deed, record


async def deactivate(tx: Transaction, in_hand: InHand, *, note: str | None = None, notify: bool = True) -> Assignment:
    """End the assignment now: the next check refuses, and the seat can be given to somebody else the same day.

    Calling twice is harmless. Raises AssignmentOver when it had ended by itself.
    """
    before = in_hand.assignment
    if before.status_at(tx.now) == "deactivated":
        return before
    if before.status_at(tx.now) == "ended":
        raise AssignmentOver("This assignment has ended already.")
    (after,) = await store.close(tx, [before.id], reason="deactivated", by=tx.actor)
    if note is not None:
        after = await store.change(tx, before.id, {"note": note})
    await tell_deactivated(tx, in_hand, after, reason="deactivated", notify=notify)
    if in_hand.license.over_quantity:
        await resize(tx, in_hand.license, organization=in_hand.organization)
    return after


async def deactivate_after(
    tx: Transaction, in_hand: InHand, *, last_day: date, note: str | None = None, notify: bool = True
) -> Assignment:
    """Let access end with `last_day`, today at the earliest; it must not make the assignment longer.

    Raises AssignmentOver, Invalid.
    """
    before = in_hand.assignment
    if last_day < day_of(tx.now, in_hand.organization.time_zone):
        raise refusal_of("/last_day", "period_in_past", "The last day must not lie in the past.")
    if last_day < before.first_day:
        raise refusal_of("/last_day", "invalid_period", "The last day cannot lie before the first day.")
    if before.until_day is not None and last_day > before.until_day:
        raise refusal_of("/last_day", "invalid_period", "The assignment ends earlier than that already.")
    after = await change_period(tx, in_hand, first_day=before.first_day, last_day=last_day, notify=notify)
    return after if note is None else await set_note(tx, after, note)


async def tell_deactivated(tx: Transaction, in_hand: InHand, after: Assignment, *, reason: str, notify: bool) -> None:
    """Write down and announce that the assignment was ended by somebody's wish."""
    deed = Deed(after.organization_id, after.license_id, f"assignment.{reason}", after.id, {"email": after.email})
    await record(tx, [deed])
    await announce(tx, [after], AssignmentDeactivated, notify=notify, organization=in_hand.organization, reason=reason)
    await mark(tx, product_code=after.product_code, emails=[after.email])
