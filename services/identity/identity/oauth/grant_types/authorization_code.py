"""A code becomes tokens, once (RFC 6749 §4.1.3, OpenID Connect Core 1.0 §3.1.3)."""

import hmac
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Reader
from identity.grants.revoke import revoke
from identity.oauth import store
from identity.oauth.authlib_adapter import pkce
from identity.oauth.authlib_adapter.errors import InvalidGrantError
from identity.oauth.grant_state import StandingGrant, standing
from identity.oauth.person_answer import person_answer
from identity.oauth.refresh_tokens import issue_first, may_have_one
from identity.oauth.token_request import TokenRequest
from identity.oauth.tokens import digest_of

GRANT_TYPE = "authorization_code"


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """The tokens for a code. A code that comes twice takes back what the first time gave (RFC 9700 §2.1.1)."""
    request.check_grant_type(GRANT_TYPE)
    request.check_key()
    code = digest_of(request.required("code"))
    async with request.runtime.database.read() as reader:
        row = await store.use_code(reader, digest=code, client_id=request.client.id, now=request.now)
        grant = standing(row, now=request.now)
        if row is not None and grant is not None and _fits(request, row):
            return await _answer(request, reader, row, grant)
    if row is None:
        await _punish_replay(request, code)
    raise InvalidGrantError("The code is unknown, expired, used or was issued for another request.")


async def _punish_replay(request: TokenRequest, code: str) -> None:
    """Revoke in a transaction of its own, which commits although the answer is an error."""
    async with request.runtime.database.transaction(actor=f"client:{request.client.id}") as tx:
        grant_id = await store.grant_of_code(tx, digest=code, client_id=request.client.id)
        if grant_id is not None:
            await revoke(tx, grant_id=grant_id, reason="code_replayed")


def _fits(request: TokenRequest, row: Row[Any]) -> bool:
    """Whether the code was issued for this very request: in time, same redirect URI, verifier and key."""
    same_place = request.parameters.get("redirect_uri", row.code_redirect_uri if _may_omit(request) else "")
    return (
        request.now < row.code_expires_at
        and hmac.compare_digest(same_place.encode(), row.code_redirect_uri.encode())
        and _verifier_fits(request.parameters.get("code_verifier"), row.code_challenge)
        and row.code_dpop_thumbprint in (None, request.thumbprint)
    )


def _may_omit(request: TokenRequest) -> bool:
    """OAuth 2.1 drops the redirect URI from the token request, because PKCE binds the code to it already."""
    return "code_verifier" in request.parameters


def _verifier_fits(verifier: str | None, challenge: str | None) -> bool:
    """No verifier without a challenge either: that would be a downgrade (RFC 9700 §2.1.1)."""
    if verifier is None or challenge is None:
        return verifier is None and challenge is None
    return pkce.matches(verifier, challenge)


async def _answer(request: TokenRequest, reader: Reader, row: Row[Any], grant: StandingGrant) -> dict[str, Any]:
    refresh_token = None
    if may_have_one(request.client, grant.scopes):
        refresh_token = await issue_first(reader, request, grant)
    return person_answer(
        request,
        grant,
        scopes=grant.scopes,
        organization_id=grant.organization_id,
        nonce=row.code_nonce,
        refresh_token=refresh_token,
    )
