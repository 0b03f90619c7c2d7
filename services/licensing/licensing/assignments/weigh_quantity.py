"""Weigh a number of seats against those who hold one at the renewal: nobody loses a seat without being named."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.db.transaction import Reader
from chassis.kernel.clock import day_of
from licensing.assignments import store
from licensing.assignments.assignment import Assignment
from licensing.assignments.rules import ONE_DAY, seats_needed
from licensing.licenses.license import License
from licensing.organizations.queries import organization_of


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a quantity would mean. `candidates`: who would hold a seat then and is not named, by address.

    `unknown`: places in `release` that name no open assignment of the license.
    """

    seats_in_use: int
    to_release: int
    released: list[Assignment]
    candidates: list[Assignment]
    unknown: list[int]


async def weigh_quantity(reader: Reader, license: License, *, quantity: int, release: Sequence[str]) -> Weighed:
    """Count the seats needed from the renewal on once `release` is given up (a smaller quantity counts from then)."""
    organization = await organization_of(reader, license.organization_id)
    day = _counts_from(license, today=day_of(reader.now, organization.time_zone))
    known = {a.id: a for a in await store.open_of_license(reader, license.id) if a.status_at(reader.now) != "ended"}
    named = set(release)
    holdings = [h for h in await store.holdings(reader, license.id, today=day) if h.key not in named]
    needed = seats_needed(holdings)
    return Weighed(
        seats_in_use=needed,
        to_release=max(needed - quantity, 0),
        released=[known[each] for each in release if each in known],
        candidates=_by_address(known, {holding.key for holding in holdings}),
        unknown=[place for place, each in enumerate(release) if each not in known],
    )


def _counts_from(license: License, *, today: date) -> date:
    """The first day of the next term; of a license that does not renew: today."""
    if license.last_day is None or not license.renews:
        return today
    return max(today, license.last_day + ONE_DAY)


def _by_address(known: dict[str, Assignment], wanted: Collection[str]) -> list[Assignment]:
    return sorted((a for a in known.values() if a.id in wanted), key=lambda a: (a.email, a.first_day))
