"""Refresh tokens: who gets one, how they are stored and followed by the next."""

from collections.abc import Iterable
from datetime import datetime

from chassis.db.transaction import Reader
from identity.clients.client import Client
from identity.oauth import store
from identity.oauth.grant_state import StandingGrant
from identity.oauth.rules import refresh_expiry
from identity.oauth.token_request import TokenRequest
from identity.oauth.tokens import REFRESH_TOKEN, digest_of, new_secret


def may_have_one(client: Client, scopes: Iterable[str]) -> bool:
    """Only clients registered for it, and only where the person agreed to it (OpenID Connect Core 1.0 §11)."""
    return client.may_use("refresh_token") and "offline_access" in scopes


async def issue_first(reader: Reader, request: TokenRequest, grant: StandingGrant) -> str:
    """The first refresh token of a grant; a public client's is bound to its DPoP key (RFC 9449 §5)."""
    token = new_secret(REFRESH_TOKEN)
    is_public = request.client.token_endpoint_auth_method == "none"
    await store_token(
        reader,
        token,
        grant=grant,
        client_id=request.client.id,
        scopes=grant.scopes,
        thumbprint=request.thumbprint if is_public else None,
        now=request.now,
    )
    return token


async def store_token(
    reader: Reader,
    token: str,
    *,
    grant: StandingGrant,
    client_id: str,
    scopes: Iterable[str],
    thumbprint: str | None,
    now: datetime,
) -> None:
    """Store the digest of a refresh token."""
    await store.insert_refresh_token(
        reader,
        values={
            "digest": digest_of(token),
            "grant_id": grant.id,
            "client_id": client_id,
            "scopes": list(scopes),
            "dpop_thumbprint": thumbprint,
            "issued_at": now,
            "expires_at": refresh_expiry(grant.created_at, now=now),
        },
    )
