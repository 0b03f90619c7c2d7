"""Give the buyer the first seat, without being asked (FAQ: "one license is automatically assigned to your address")."""

from datetime import date

from sqlalchemy import text

from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of
from licensing.assignments import store
from licensing.assignments.announce import announce
from licensing.assignments.assignment import Assignment
from licensing.assignments.events import AssignmentCreated
from licensing.assignments.plan import assignment_from, row_of
from licensing.assignments.rules import ASSIGNABLE
from licensing.changes.mark import mark
from licensing.licenses.license import License
from licensing.licenses.rules import last_possible_day
from licensing.organizations.snapshots import Organization

FIRST_SEAT = text(
    "SELECT s.no, s.slot FROM seats s WHERE s.license_id = :license_id AND s.retired_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.organization_id = :organization_id "
    "AND a.product_code = :product_code AND ((a.automatic AND (a.closed_at IS NULL OR a.last_day IS NOT NULL "
    "OR a.closed_reason IN ('deactivated', 'reassigned', 'released'))) OR (a.email = :email AND a.closed_at IS NULL "
    "AND (a.until_day IS NULL OR a.until_day >= :first_day)))) "
    "AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.seat_no = s.no AND a.closed_at IS NULL "
    "AND (a.until_day IS NULL OR a.until_day >= :first_day)) ORDER BY s.slot LIMIT 1"
)


async def assign_buyer(
    tx: Transaction, license: License, *, organization: Organization, product_name: dict[str, str] | None = None
) -> Assignment | None:
    """Assign a seat to the buyer, once per organization and product; None when there is nothing to assign.

    The license is locked and new; the caller writes the deed down. No second seat when the buyer gave the automatic one
    away, or holds one already. The buyer gets no invitation: the welcome mail or the order's confirmation says it all.
    """
    first_day = max(day_of(tx.now, organization.time_zone), license.starts_on)
    if license.buyer_email is None or not _can_begin(tx, license, first_day):
        return None
    wanted = {
        "license_id": license.id,
        "organization_id": license.organization_id,
        "product_code": license.product_code,
        "email": license.buyer_email,
        "first_day": first_day,
    }
    seat = await tx.first(FIRST_SEAT, wanted)
    if seat is None:
        return None
    row = row_of(
        license,
        email=license.buyer_email,
        seat=(seat.no, seat.slot),
        first_day=first_day,
        last_day=None,
        time_zone=organization.time_zone,
        now=tx.now,
        by=tx.actor,
        automatic=True,
    )
    await store.add(tx, [row])
    assignment = assignment_from(row)
    await announce(
        tx, [assignment], AssignmentCreated, notify=False, organization=organization, product_name=product_name
    )
    await mark(tx, product_code=license.product_code, emails=[license.buyer_email])
    return assignment


def _can_begin(tx: Transaction, license: License, first_day: date) -> bool:
    end = last_possible_day(license.agreement)
    return license.status_at(tx.now) in ASSIGNABLE and (end is None or first_day <= end)
