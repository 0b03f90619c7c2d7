"""A refresh token becomes new tokens and its own successor (RFC 6749 §6, RFC 9700 §4.14)."""

from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from identity.grants.revoke import revoke
from identity.oauth import store
from identity.oauth.authlib_adapter.errors import AccessDeniedError, InvalidGrantError, OAuth2Error
from identity.oauth.grant_state import StandingGrant, standing_grant
from identity.oauth.person_answer import person_answer
from identity.oauth.refresh_tokens import store_token
from identity.oauth.rules import RefreshVerdict, refresh_verdict
from identity.oauth.token_request import TokenRequest, requested_scopes
from identity.oauth.tokens import digest_of, successor_of
from identity.sessions.touch import touch_session

GRANT_TYPE = "refresh_token"
REFUSAL = "The refresh token is unknown, expired, revoked or was issued to another client."


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """New tokens. The same token again within ten seconds gets the same successor; later, everything is taken back.

    The `organization` parameter moves the person to another of their organizations; membership is looked up now.
    """
    request.check_grant_type(GRANT_TYPE)
    request.check_key()
    token = request.required("refresh_token")
    answer: dict[str, Any] | OAuth2Error
    async with request.runtime.database.transaction(actor=f"client:{request.client.id}") as tx:
        row = await store.lock_refresh_token(tx, digest=digest_of(token))
        match _verdict(request, row):
            case "stolen":
                await revoke(tx, grant_id=row.grant_id, reason="refresh_token_reused")
                answer = InvalidGrantError(REFUSAL)
            case "fresh" | "repeated":
                answer = await _renewed(request, tx, token, row)
            case _:
                answer = InvalidGrantError(REFUSAL)
    if isinstance(answer, OAuth2Error):
        raise answer
    return answer


def _verdict(request: TokenRequest, row: Row[Any] | None) -> RefreshVerdict:
    if row is None or row.client_id != request.client.id:
        return "unknown"
    if row.dpop_thumbprint not in (None, request.thumbprint):
        return "unknown"
    return refresh_verdict(used_at=row.used_at, expires_at=row.expires_at, now=request.now)


async def _renewed(request: TokenRequest, tx: Transaction, token: str, row: Row[Any]) -> dict[str, Any] | OAuth2Error:
    """The answer, or the error that leaves the token as it was. What the client may not ask for any more is gone."""
    allowed = tuple(scope for scope in row.scopes if scope in request.client.scopes)
    scopes = requested_scopes(request.parameters, allowed, default=allowed)
    grant = await standing_grant(tx, row.grant_id, now=request.now)
    if grant is None:
        return InvalidGrantError(REFUSAL)
    organization_id = request.parameters.get("organization")
    if organization_id is not None and not grant.person.belongs_to(organization_id):
        return AccessDeniedError("The person does not belong to this organization.")
    successor = await _successor(request, tx, token, row, grant, allowed)
    if grant.is_tied_to_session and grant.session_id is not None:
        await touch_session(tx, grant.session_id, now=request.now)
    return person_answer(
        request,
        grant,
        scopes=scopes,
        organization_id=organization_id or grant.organization_id,
        nonce=None,
        refresh_token=successor,
    )


async def _successor(
    request: TokenRequest, tx: Transaction, token: str, row: Row[Any], grant: StandingGrant, scopes: tuple[str, ...]
) -> str | None:
    """The next refresh token; None for clients of FAPI 2.0, whose tokens are bound to a key and do not rotate."""
    if request.client.is_fapi:
        return None
    successor = successor_of(request.runtime.edges.vault, token)
    if row.used_at is None:
        await store.use_refresh_token(tx, digest=row.digest, now=request.now)
        await store_token(
            tx,
            successor,
            grant=grant,
            client_id=row.client_id,
            scopes=scopes,
            thumbprint=row.dpop_thumbprint,
            now=request.now,
        )
    return successor
