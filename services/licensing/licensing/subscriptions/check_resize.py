"""Answer the shop before it plans a smaller quantity: would somebody lose a seat who is not named?"""

from chassis.db.transaction import Reader
from licensing.assignments.assignment import Assignment
from licensing.assignments.weigh_quantity import weigh_quantity
from licensing.licenses.queries import of_subscription
from licensing.subscriptions.schemas import Candidate, CheckResize, ResizeCheck

CANDIDATES_SHOWN = 1000
FITS = ResizeCheck(fits=True, needed=0, seats_in_use=0, candidates=[], invalid_release=[])


async def check_resize(reader: Reader, subscription_id: str, wanted: CheckResize) -> ResizeCheck:
    """What the quantity means for those who hold seats. A subscription not heard of yet has nobody in its seats."""
    license = await of_subscription(reader, subscription_id)
    if license is None:
        return FITS
    weighed = await weigh_quantity(reader, license, quantity=wanted.quantity, release=wanted.release)
    shown = weighed.candidates[:CANDIDATES_SHOWN] if weighed.to_release else []
    return ResizeCheck(
        fits=not weighed.to_release and not weighed.unknown,
        needed=weighed.to_release,
        seats_in_use=weighed.seats_in_use,
        candidates=[_candidate(each) for each in shown],
        invalid_release=[wanted.release[place] for place in weighed.unknown],
    )


def _candidate(assignment: Assignment) -> Candidate:
    return Candidate(
        id=assignment.id,
        email=assignment.email,
        seat=assignment.seat,
        first_day=assignment.first_day,
        last_day=assignment.last_day,
    )
