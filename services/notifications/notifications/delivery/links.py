"""One-time links (activate, recover) are made by identity at the moment mails leave, and are never stored here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chassis.auth.clients import ServiceClient
from chassis.ops.logging import get_logger

log = get_logger(__name__)

SECONDS = 4
MOST_AT_ONCE = 100
NOBODY = {"status": "unknown", "url": None}
"""Nobody waits for a link to this address any more."""
NOT_THEIR_FAULT = (401, 403, 429, 503)
"""Answers that speak of us or of identity, and would be no other for fewer links."""


@dataclass(frozen=True)
class WantedLink:
    """Whom a mail goes to, and which link it wants (`request`, as the queue keeps it)."""

    email: str
    name: str | None
    locale: str
    request: Mapping[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """As identity is asked."""
        return {
            "email": self.email,
            "purpose": self.request["purpose"],
            "organization_id": self.request.get("organization_id"),
            "locale": self.locale,
            "name": self.name,
            "supersede": bool(self.request.get("supersede")),
        }


@dataclass(frozen=True)
class ActionLink:
    """What identity says of an account: its status, its owner, and the link if there is something to do."""

    status: str
    url: str | None
    name: str | None = None
    locale: str | None = None


class Links(Protocol):
    """Knows where one-time links come from."""

    async def fetch(self, wanted: Sequence[WantedLink]) -> list[ActionLink | None]:
        """The links, in the order wanted; None: ask again later. Raises Unavailable: ask for all of them later."""
        ...


class IdentityLinks:
    """Asks identity, which also creates invited accounts where there are none yet; asking twice is harmless."""

    def __init__(self, clients: ServiceClient, identity_url: str) -> None:
        self._clients = clients
        self._url = f"{identity_url}/internal/action-links"

    async def fetch(self, wanted: Sequence[WantedLink]) -> list[ActionLink | None]:
        """The links, in the order wanted; None: ask again later. Raises Unavailable: ask for all of them later."""
        links: list[ActionLink | None] = []
        for first in range(0, len(wanted), MOST_AT_ONCE):
            links += await self._ask(wanted[first : first + MOST_AT_ONCE])
        return links

    async def _ask(self, wanted: Sequence[WantedLink]) -> list[ActionLink | None]:
        """Where identity cannot answer all of them, halves are asked for: one that it stumbles over stops no other."""
        answer = await self._clients.post(self._url, json={"items": [one.body for one in wanted]}, timeout=SECONDS)
        if answer.status_code == 200:
            return [_link(item) for item in answer.json()["items"]]
        if len(wanted) > 1 and answer.status_code not in NOT_THEIR_FAULT:
            middle = len(wanted) // 2
            return await self._ask(wanted[:middle]) + await self._ask(wanted[middle:])
        log.warning("links.not_given", status=answer.status_code, count=len(wanted))
        return [None] * len(wanted)


def _link(item: Mapping[str, Any]) -> ActionLink | None:
    if item["code"] not in (None, "nothing_pending"):
        log.warning("links.not_given", code=item["code"], count=1)
        return None
    said = item["link"] or NOBODY
    return ActionLink(status=said["status"], url=said["url"], name=said.get("name"), locale=said.get("locale"))
