"""The license management over its inner route."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chassis.auth.clients import ServiceClient
from chassis.kernel.errors import Unavailable
from shop.seats.holders import Candidate, Fit

SECONDS = 4
AWAY = "Fewer seats cannot be planned at the moment, because the license management does not answer. Try again shortly."


class LicensingSeatHolders:
    """Asks the licensing service. A subscription that it has not heard of yet has nobody in its seats."""

    def __init__(self, clients: ServiceClient, licensing_url: str) -> None:
        self._clients = clients
        self._url = f"{licensing_url}/internal/subscriptions"

    async def fit(self, subscription_id: str, *, quantity: int, release: Sequence[str]) -> Fit:
        """What `quantity` seats would mean at the next renewal. Raises Unavailable."""
        question = {"quantity": quantity, "release": list(release)}
        try:
            answer = await self._clients.post(
                f"{self._url}/{subscription_id}/resize-check", json=question, timeout=SECONDS
            )
        except Unavailable as error:
            raise Unavailable(AWAY) from error
        if answer.status_code != 200:
            raise Unavailable(AWAY)
        return _fit(answer.json())


def _fit(body: dict[str, Any]) -> Fit:
    return Fit(
        needed=body["needed"],
        seats_in_use=body["seats_in_use"],
        candidates=[_candidate(each) for each in body["candidates"]],
        invalid_release=body["invalid_release"],
    )


def _candidate(body: dict[str, Any]) -> Candidate:
    last_day = body["last_day"]
    return Candidate(
        id=body["id"],
        email=body["email"],
        seat=body["seat"],
        first_day=date.fromisoformat(body["first_day"]),
        last_day=None if last_day is None else date.fromisoformat(last_day),
    )
