"""Which tile is for whom, at which moment. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to use a product over a span of instants; `valid_until` is the first instant after it, None = open."""

    organization_id: str
    reason: str
    valid_from: datetime
    valid_until: datetime | None

    def is_valid_at(self, instant: datetime) -> bool:
        """Whether the product may be used at `instant`."""
        return self.valid_from <= instant and (self.valid_until is None or instant < self.valid_until)


@dataclass(frozen=True, slots=True)
class Place:
    """One of a person's organizations, with their roles there."""

    organization_id: str
    roles: frozenset[str]
    is_transferred: bool


@dataclass(frozen=True, slots=True)
class Visible:
    """Why a tile shows, and until when (None = no end in sight)."""

    reason: str
    valid_until: datetime | None = None


def visible_by_entitlement(grants: Iterable[Grant], now: datetime) -> Visible | None:
    """The grant that lasts longest among those valid now; default deny."""
    valid = [grant for grant in grants if grant.is_valid_at(now)]
    if not valid:
        return None
    best = max(valid, key=lambda grant: (grant.valid_until is None, grant.valid_until or now))
    return Visible(best.reason, best.valid_until)


def visible_by_role(places: Iterable[Place], roles: Iterable[str], *, only_transferred: bool) -> Visible | None:
    """Whether the person holds one of `roles` in one of the `places` that count."""
    wanted = frozenset(roles)
    counted = [place for place in places if place.is_transferred or not only_transferred]
    return Visible("role") if any(place.roles & wanted for place in counted) else None


def places_that_count(places: list[Place], active_organization: str | None) -> list[Place]:
    """The active organization alone, once one is chosen; before that, all of the person's."""
    chosen = [place for place in places if place.organization_id == active_organization]
    return chosen if active_organization is not None else places
