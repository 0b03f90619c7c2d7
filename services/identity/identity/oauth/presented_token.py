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
from identity.oauth.grant_state import StandingGrant, standing


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
    if claims is None:
        return None
    client: Client | None = await runtime.edges.clients.find(claims["client_id"])
    if client is None or not client.is_active:
        return None
    grant_id = grant_of(claims["jti"])
    if grant_id is None:
        is_revoked = await store.is_access_token_revoked(reader, jti=claims["jti"])
        return None if is_revoked else PresentedToken(claims, None)
    row = await store.grant_of_token(reader, grant_id=grant_id, jti=claims["jti"])
    grant = standing(row, now=runtime.edges.real_clock.now())
    if grant is None or _is_older_than_allowed(claims, grant.person.tokens_not_before):
        return None
    return PresentedToken(claims, grant)


def _is_older_than_allowed(claims: dict[str, Any], not_before: datetime | None) -> bool:
    return not_before is not None and datetime.fromtimestamp(claims["iat"], UTC) < not_before
