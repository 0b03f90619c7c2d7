"""The license management over its inner route."""

from collections.abc import Mapping

from chassis.auth.clients import ServiceClient
from chassis.kernel.errors import Unavailable
from chassis.ops.logging import get_logger

SECONDS = 2
log = get_logger(__name__)


class LicensingUnitsLeft:
    """Asks the licensing service. The archive does not wait for it: without an answer nothing is known."""

    def __init__(self, clients: ServiceClient, licensing_url: str) -> None:
        self._clients = clients
        self._url = f"{licensing_url}/internal/organizations"

    async def of(self, organization_id: str) -> Mapping[str, int]:
        """Units left by the legacy ids of the one-off licenses; empty when licensing does not answer."""
        try:
            answer = await self._clients.get(f"{self._url}/{organization_id}/one-off-units", timeout=SECONDS)
        except Unavailable:
            return {}
        if answer.status_code != 200:
            log.warning("archive.units_unknown", status=answer.status_code)
            return {}
        return {item["legacy_id"]: item["units_left"] for item in answer.json()["items"]}
