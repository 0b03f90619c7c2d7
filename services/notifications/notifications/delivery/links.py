"""One-time links (activate, recover) are made by identity at the moment a mail leaves, and are never stored here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chassis.auth.clients import ServiceClient
from chassis.kernel.errors import Unavailable

SECONDS = 4


@dataclass(frozen=True)
class ActionLink:
    """What identity says of an account: its status, its owner, and the link if there is something to do."""

    status: str
    url: str | None
    name: str | None = None
    locale: str | None = None


class Links(Protocol):
    """Knows where one-time links come from."""

    async def fetch(self, *, email: str, name: str | None, locale: str, request: Mapping[str, Any]) -> ActionLink:
        """The link that `request` asks for. Raises Unavailable: ask again later."""
        ...


class IdentityLinks:
    """Asks identity, which also creates an invited account where there is none yet; asking twice is harmless."""

    def __init__(self, clients: ServiceClient, identity_url: str) -> None:
        self._clients = clients
        self._url = f"{identity_url}/internal/action-links"

    async def fetch(self, *, email: str, name: str | None, locale: str, request: Mapping[str, Any]) -> ActionLink:
        """The link that `request` asks for. Raises Unavailable: ask again later."""
        wanted = {
            "email": email,
            "purpose": request["purpose"],
            "organization_id": request.get("organization_id"),
            "locale": locale,
            "name": name,
            "supersede": bool(request.get("supersede")),
        }
        answer = await self._clients.post(self._url, json=wanted, timeout=SECONDS)
        if answer.status_code not in (200, 201):
            raise Unavailable(f"identity answered {answer.status_code} when asked for a link.")
        body = answer.json()
        return ActionLink(status=body["status"], url=body["url"], name=body.get("name"), locale=body.get("locale"))
