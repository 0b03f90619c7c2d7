"""An access token that is presented to the provider itself: whole, in time, and not taken back meanwhile."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chassis.db.transaction import Reader
from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.keys.ring import UnknownToken
from identity.oauth import store
from identity.oauth.access_token import TYPE, grant_of
from identity.oauth.grant_state import StandingGrant, standing_grant


@dataclass(frozen=True, slots=True)
class PresentedToken:
    """A good access token; `grant` is None for one of a machine."""

    claims: dict[str, Any]
    grant: StandingGrant | None

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it covers."""
        return tuple(str(self.claims["scope"]).split())


def claims_of(runtime: Runtime, token: str) -> dict[str, Any] | None:
    """The claims of an access token of ours that has not expired; None for anything else."""
    try:
        claims: dict[str, Any] = runtime.edges.keys.verify(token, typ=TYPE)
    except UnknownToken:
        return None
    expected = runtime.platform.public_url, runtime.platform.audience
    in_time = runtime.edges.real_clock.now().timestamp() < claims["exp"]
    return claims if in_time and (claims.get("iss"), claims.get("aud")) == expected else None


async def presented_token(runtime: Runtime, reader: Reader, token: str) -> PresentedToken | None:
    """The token as it stands now; None when it is not, or no longer, good."""
    claims = claims_of(runtime, token)
    if claims is None or await store.is_access_token_revoked(reader, jti=claims["jti"]):
        return None
    client: Client | None = await runtime.edges.clients.find(reader, claims["client_id"])
    if client is None or not client.is_active:
        return None
    grant_id = grant_of(claims["jti"])
    if grant_id is None:
        return PresentedToken(claims, None)
    now: datetime = runtime.edges.real_clock.now()
    grant = await standing_grant(reader, grant_id, now=now)
    if grant is None or _is_older_than_allowed(claims, grant.person.tokens_not_before):
        return None
    return PresentedToken(claims, grant)


def _is_older_than_allowed(claims: dict[str, Any], not_before: datetime | None) -> bool:
    return not_before is not None and datetime.fromtimestamp(claims["iat"], UTC) < not_before
