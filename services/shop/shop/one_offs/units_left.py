"""The port to the license management: how many units of one-off licenses are left."""

from collections.abc import Mapping
from typing import Protocol


class UnitsLeft(Protocol):
    """Counts what is used up here."""

    async def of(self, organization_id: str) -> Mapping[str, int]:
        """Units left by the legacy ids of the one-off licenses; empty when nobody can tell."""
        ...
