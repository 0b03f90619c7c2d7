"""Tell the other services what became of assignments."""

from collections.abc import Iterable
from typing import Any

from chassis.db.transaction import Transaction
from licensing.assignments.assignment import Assignment
from licensing.assignments.events import AssignmentBody, AssignmentEvent
from licensing.organizations.queries import organization_of
from licensing.organizations.snapshots import Organization
from licensing.products.queries import names_of


async def announce(
    tx: Transaction,
    assignments: Iterable[Assignment],
    kind: type[AssignmentEvent],
    *,
    notify: bool,
    organization: Organization | None = None,
    product_name: dict[str, str] | None = None,
    **more: Any,
) -> None:
    """Emit an event of `kind` for each of the assignments, all of one organization and product.

    What the caller knows already is not asked again.
    """
    known = list(assignments)
    if not known:
        return
    product_code, organization_id = known[0].product_code, known[0].organization_id
    name = product_name or (await names_of(tx, [product_code]))[product_code]
    organization = organization or await organization_of(tx, organization_id)
    for assignment in known:
        tx.emit(
            kind(
                assignment=body_of(assignment, status=assignment.status_at(tx.now)),
                product_name=name,
                organization=organization,
                notify=notify,
                automatic=assignment.automatic,
                actor=tx.actor,
                **more,
            )
        )


def body_of(assignment: Assignment, *, status: str) -> AssignmentBody:
    """The assignment as events show it."""
    return AssignmentBody(
        id=assignment.id,
        license_id=assignment.license_id,
        organization_id=assignment.organization_id,
        product_code=assignment.product_code,
        email=assignment.email,
        first_day=assignment.first_day,
        last_day=assignment.last_day,
        seat=assignment.seat,
        status=status,
    )
