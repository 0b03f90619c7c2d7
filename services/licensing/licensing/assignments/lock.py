"""Take an assignment in hand before changing it."""

from dataclasses import dataclass

from chassis.db.transaction import Transaction
from licensing.assignments import store
from licensing.assignments.assignment import Assignment
from licensing.assignments.errors import AssignmentNotFound, AssignmentOver
from licensing.licenses.license import License
from licensing.licenses.lock import lock_license
from licensing.organizations.queries import organization_of
from licensing.organizations.snapshots import Organization


@dataclass(frozen=True, slots=True)
class InHand:
    """An assignment whose license is locked, as it is under the lock."""

    assignment: Assignment
    license: License
    organization: Organization


async def lock_assignment(tx: Transaction, assignment_id: str, *, organization_id: str | None) -> InHand:
    """Lock the assignment's license and read the assignment. Raises AssignmentNotFound, for a foreign one too."""
    known = await store.by_id(tx, assignment_id)
    if known is None or organization_id not in (None, known.organization_id):
        raise AssignmentNotFound("There is no such assignment.")
    license = await lock_license(tx, known.license_id, organization_id=organization_id)
    current = await store.by_id(tx, assignment_id)
    if current is None:
        raise AssignmentNotFound("There is no such assignment.")
    return InHand(current, license, await organization_of(tx, license.organization_id))


def refuse_when_over(tx: Transaction, assignment: Assignment) -> None:
    """Raise AssignmentOver for an assignment that has ended or was deactivated."""
    if assignment.status_at(tx.now) in ("ended", "deactivated"):
        raise AssignmentOver("This assignment is over. Assign a seat to the address anew.")
