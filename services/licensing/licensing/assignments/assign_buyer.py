"""Give the buyer the first seat, without being asked (FAQ: "one license is automatically assigned to your address")."""

from datetime import date

from sqlalchemy import text

from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of
from chassis.kernel.periods import Period
from licensing.assignments import store
from licensing.assignments.announce import announce
from licensing.assignments.assign_many import details_of
from licensing.assignments.events import AssignmentCreated
from licensing.assignments.plan import assignment_from, row_of
from licensing.assignments.rules import ASSIGNABLE, taken_until
from licensing.changes.mark import mark
from licensing.history.record import Deed, record
from licensing.licenses.license import License
from licensing.licenses.rules import last_possible_day
from licensing.organizations.snapshots import Organization

HAS_OR_HAD_ONE = text(
    "SELECT 1 FROM assignments WHERE organization_id = :organization_id AND product_code = :product_code AND ("
    "(automatic AND (closed_at IS NULL OR last_day IS NOT NULL "
    "OR closed_reason IN ('deactivated', 'reassigned', 'released'))) "
    "OR (email = :email AND closed_at IS NULL AND (until_day IS NULL OR until_day >= :first_day))) LIMIT 1"
)


async def assign_buyer(tx: Transaction, license: License, *, organization: Organization) -> int:
    """Assign a seat to the buyer, once per organization and product; how many were assigned (0 or 1).

    The license is locked and new. No second one when the buyer gave the automatic seat away, or holds one already. The
    buyer gets no invitation: the welcome mail or the order's confirmation has all of it.
    """
    today = day_of(tx.now, organization.time_zone)
    first_day = max(today, license.starts_on)
    if license.buyer_email is None or not _can_begin(tx, license, first_day):
        return 0
    who = {
        "organization_id": license.organization_id,
        "product_code": license.product_code,
        "email": license.buyer_email,
        "first_day": first_day,
    }
    if await tx.first(HAS_OR_HAD_ONE, who) is not None:
        return 0
    period = Period(first_day, taken_until(None, last_possible_day(license.agreement)))
    free = await store.free_seats(tx, license.id, period=period, wanted=1)
    if not free:
        return 0
    row = row_of(
        license,
        email=license.buyer_email,
        seat=free[0],
        first_day=first_day,
        last_day=None,
        time_zone=organization.time_zone,
        now=tx.now,
        by=tx.actor,
        automatic=True,
    )
    await store.add(tx, [row])
    assignment = assignment_from(row)
    deed = Deed(organization.id, license.id, "assignment.created", assignment.id, details_of(assignment))
    await record(tx, [deed])
    await announce(tx, [assignment], AssignmentCreated, notify=False, organization=organization)
    await mark(tx, product_code=license.product_code, emails=[license.buyer_email])
    return 1


def _can_begin(tx: Transaction, license: License, first_day: date) -> bool:
    end = last_possible_day(license.agreement)
    return license.status_at(tx.now) in ASSIGNABLE and (end is None or first_day <= end)
