"""Tell what a smaller number of seats would cost whom."""

from collections.abc import Sequence

from chassis.db.transaction import Reader
from chassis.kernel.clock import day_of
from chassis.kernel.errors import FieldError, Invalid
from licensing.assignments import store
from licensing.assignments.assignment import Assignment
from licensing.assignments.errors import NotAssignable, SeatsInUse
from licensing.assignments.overview import described
from licensing.assignments.rules import seats_needed
from licensing.licenses.license import License
from licensing.organizations.queries import organization_of

CANDIDATES_SHOWN = 200


async def preview_resize(
    reader: Reader, license: License, *, quantity: int, release: Sequence[str]
) -> tuple[int, list[Assignment]]:
    """How many seats are needed once `release` is given up, and those assignments.

    Raises SeatsInUse with `candidates` when more people hold seats than would be left: the buyer chooses whom to
    release, and nobody else loses a seat. Raises Invalid for an id that holds no seat of the license.
    """
    if license.is_one_off:
        raise NotAssignable("A one-off license has no seats to give up.")
    organization = await organization_of(reader, license.organization_id)
    known = [a for a in await store.open_of_license(reader, license.id) if a.status_at(reader.now) != "ended"]
    released = _released(known, release)
    today = day_of(reader.now, organization.time_zone)
    holdings = [h for h in await store.holdings(reader, license.id, today=today) if h.key not in set(release)]
    needed = seats_needed(holdings)
    if needed > quantity:
        remaining = [a for a in known if a.id not in set(release)]
        shown = [described(a, reader.now).model_dump(mode="json") for a in remaining[:CANDIDATES_SHOWN]]
        raise SeatsInUse(
            f"{needed} seats are in use; with {quantity} left, choose {needed - quantity} to give up.",
            quantity=quantity,
            seats_in_use=needed,
            to_release=needed - quantity,
            candidates=shown,
        )
    return needed, released


def _released(known: Sequence[Assignment], release: Sequence[str]) -> list[Assignment]:
    by_id = {assignment.id: assignment for assignment in known}
    unknown = [place for place, assignment_id in enumerate(release) if assignment_id not in by_id]
    if unknown:
        sentence = "This assignment holds no seat of the license."
        raise Invalid(errors=[FieldError(f"/release/{place}", "not_assigned", sentence) for place in unknown])
    return [by_id[assignment_id] for assignment_id in release]
