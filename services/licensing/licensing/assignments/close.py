"""End assignments for a reason that is not a person's wish about one of them."""

from collections.abc import Sequence

from chassis.db.transaction import Transaction
from licensing.assignments import store
from licensing.assignments.announce import announce
from licensing.assignments.assignment import Assignment
from licensing.assignments.events import AssignmentDeactivated, AssignmentEnded
from licensing.changes.mark import mark
from licensing.history.record import Deed, record
from licensing.licenses.license import License
from licensing.organizations.snapshots import Organization


async def release(
    tx: Transaction, license: License, ids: Sequence[str], *, organization: Organization
) -> list[Assignment]:
    """End the assignments that the buyer chose to give up for a smaller quantity; others' ids change nothing."""
    known = {assignment.id for assignment in await store.open_of_license(tx, license.id)}
    released = await store.close(tx, [i for i in ids if i in known], reason="released", by=tx.actor)
    await _tell(tx, license, released, "assignment.released")
    await announce(tx, released, AssignmentDeactivated, notify=True, organization=organization, reason="released")
    return released


async def end_all(tx: Transaction, license: License, *, organization: Organization, reason: str) -> None:
    """End every assignment of a license that has ended (`license_ended`) or was taken back (`rolled_back`)."""
    await end_over(tx, license, organization=organization)
    known = await store.open_of_license(tx, license.id)
    ended = await store.close(tx, [a.id for a in known], reason=reason, by=tx.actor)
    await _tell(tx, license, ended, "assignment.ended")
    await announce(tx, ended, AssignmentEnded, notify=False, organization=organization)


async def end_over(tx: Transaction, license: License, *, organization: Organization) -> None:
    """End the assignments of a license whose last day is over; whoever comes first announces it, and once."""
    ended = await store.close_ended(tx, license.id)
    await _tell(tx, license, ended, "assignment.ended", by="system:calendar")
    await announce(tx, ended, AssignmentEnded, notify=True, organization=organization)


async def _tell(
    tx: Transaction, license: License, closed: Sequence[Assignment], action: str, *, by: str | None = None
) -> None:
    if closed:
        deeds = [Deed(a.organization_id, a.license_id, action, a.id, {"email": a.email}, by=by) for a in closed]
        await record(tx, deeds)
        await mark(tx, product_code=license.product_code, emails=[a.email for a in closed])
