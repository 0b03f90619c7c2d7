"""The license management as the shop meets it: a party outside its walls, which remembers who holds seats."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from chassis.kernel.errors import Unavailable
from chassis.kernel.ids import new_id
from shop.seats.holders import Candidate, Fit
from shop.seats.licensing import AWAY


class LicenseManagement:
    """Answers like licensing (tests/contracts asks both the same); `is_away` makes it silent.

    `meanwhile` is what others do while it thinks.
    """

    def __init__(self) -> None:
        self.begin()
        self._holders: dict[str, dict[str, Candidate]] = {}

    def begin(self) -> None:
        """Be there, quick, and never asked so far."""
        self.is_away = False
        self.asked = 0
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    def seat(self, subscription_id: str, *emails: str) -> list[str]:
        """Have people hold seats as long as the license; the ids of their assignments."""
        holders = self._holders.setdefault(subscription_id, {})
        made = []
        for email in emails:
            candidate = Candidate(new_id("asg"), email, len(holders) + 1, date(2027, 2, 5), None)
            holders[candidate.id] = candidate
            made.append(candidate.id)
        return made

    async def fit(self, subscription_id: str, *, quantity: int, release: Sequence[str]) -> Fit:
        """What `quantity` seats would mean at the next renewal."""
        self.asked += 1
        if self.is_away:
            raise Unavailable(AWAY)
        if self.meanwhile is not None:
            await self.meanwhile()
        if subscription_id not in self._holders:
            return Fit(needed=0, seats_in_use=0)
        holders = self._holders[subscription_id]
        left = sorted((c for c in holders.values() if c.id not in release), key=lambda c: c.email)
        needed = max(len(left) - quantity, 0)
        invalid = [named for named in release if named not in holders]
        return Fit(needed, len(left), left if needed else [], invalid)
