"""The provider tells that a session ended (OpenID Connect Back-Channel Logout 1.0)."""

from typing import Any

from chassis.kernel.errors import Malformed
from gateway.provider.client import LOGOUT_TOKEN
from gateway.provider.errors import InvalidToken
from gateway.sessions.desk import SessionDesk
from gateway.sessions.end import end_all

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class LogoutTokenRefused(Malformed):
    """The logout token does not prove what it claims."""

    code = "logout-token-refused"
    title = "The logout token is not valid"


async def backchannel(desk: SessionDesk, logout_token: str) -> None:
    """End what the token names. A replayed token finds nothing left to end. Raises `LogoutTokenRefused`."""
    provider = desk.provider
    try:
        claims = await provider.keys.claims_of(
            logout_token, issuer=provider.issuer, audience=provider.client_id, types=LOGOUT_TOKEN
        )
    except InvalidToken as refusal:
        raise LogoutTokenRefused(f"The logout token was refused: {refusal}.") from refusal
    _check(claims)
    await end_all(desk, session_id=claims.get("sid"), account_id=claims.get("sub"))


def _check(claims: dict[str, Any]) -> None:
    """Back-Channel Logout §2.6, steps 4 to 6."""
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise LogoutTokenRefused("It is no logout token.")
    if "nonce" in claims:
        raise LogoutTokenRefused("A logout token carries no nonce.")
    if not claims.get("sid") and not claims.get("sub"):
        raise LogoutTokenRefused("It names neither a session nor a person.")
    if not claims.get("jti"):
        raise LogoutTokenRefused("It has no id.")
