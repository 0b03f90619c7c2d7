"""Have the invitation mailed again."""

from chassis.db.transaction import Transaction
from licensing.assignments.announce import announce
from licensing.assignments.assignment import Assignment
from licensing.assignments.events import InvitationRequested
from licensing.assignments.lock import InHand, refuse_when_over
from licensing.history.record import Deed, record


async def resend_invitation(tx: Transaction, in_hand: InHand) -> Assignment:
    """Ask for another invitation mail to the assignment's address. Raises AssignmentOver."""
    assignment = in_hand.assignment
    refuse_when_over(tx, assignment)
    deed = Deed(
        assignment.organization_id,
        assignment.license_id,
        "assignment.invitation_requested",
        assignment.id,
        {"email": assignment.email},
    )
    await record(tx, [deed])
    await announce(tx, [assignment], InvitationRequested, notify=True, organization=in_hand.organization)
    return assignment
