"""Tell what a smaller number of seats would cost whom."""

from collections.abc import Sequence

from chassis.db.transaction import Reader
from chassis.kernel.errors import FieldError, Invalid
from licensing.assignments.assignment import Assignment
from licensing.assignments.errors import NotAssignable, SeatsInUse
from licensing.assignments.overview import described
from licensing.assignments.weigh_quantity import weigh_quantity
from licensing.licenses.license import License

CANDIDATES_SHOWN = 200


async def preview_resize(
    reader: Reader, license: License, *, quantity: int, release: Sequence[str]
) -> tuple[int, list[Assignment]]:
    """How many seats are needed from the renewal on once `release` is given up, and those assignments.

    Raises SeatsInUse with `candidates` when more people hold seats than would be left: the buyer chooses whom to
    release, and nobody else loses a seat. Raises Invalid for an id that holds no seat of the license.
    """
    if license.is_one_off:
        raise NotAssignable("A one-off license has no seats to give up.")
    weighed = await weigh_quantity(reader, license, quantity=quantity, release=release)
    if weighed.unknown:
        sentence = "This assignment holds no seat of the license."
        raise Invalid(errors=[FieldError(f"/release/{place}", "not_assigned", sentence) for place in weighed.unknown])
    if weighed.to_release:
        raise SeatsInUse(
            f"{weighed.seats_in_use} seats are in use; with {quantity} left, choose {weighed.to_release} to give up.",
            quantity=quantity,
            seats_in_use=weighed.seats_in_use,
            to_release=weighed.to_release,
            candidates=[
                described(each, reader.now).model_dump(mode="json") for each in weighed.candidates[:CANDIDATES_SHOWN]
            ],
        )
    return weighed.seats_in_use, weighed.released
