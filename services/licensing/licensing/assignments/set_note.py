"""Keep a note with an assignment."""

from chassis.db.transaction import Transaction
from licensing.assignments import store
from licensing.assignments.assignment import Assignment
from licensing.history.record import Deed, record


async def set_note(tx: Transaction, assignment: Assignment, note: str | None) -> Assignment:
    """Store the note (None removes it); the license is locked."""
    after = await store.change(tx, assignment.id, {"note": note})
    details = {"email": after.email, "note": note}
    deed = Deed(after.organization_id, after.license_id, "assignment.note_changed", after.id, details)
    await record(tx, [deed])
    return after
