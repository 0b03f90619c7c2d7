"""The port to the license management: who holds the seats of a subscription."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """An assignment that could be given up. No last day: as long as the license."""

    id: str
    email: str
    seat: int
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a quantity leaves everybody a seat at the renewal but those who are named.

    `needed`: how many more must be named, out of `candidates`. `invalid_release`: named, but holding no seat.
    """

    needed: int
    seats_in_use: int
    candidates: Sequence[Candidate] = ()
    invalid_release: Sequence[str] = ()


class SeatHolders(Protocol):
    """Knows who holds seats."""

    async def fit(self, subscription_id: str, *, quantity: int, release: Sequence[str]) -> Fit:
        """What `quantity` seats would mean at the next renewal. Raises Unavailable."""
        ...
