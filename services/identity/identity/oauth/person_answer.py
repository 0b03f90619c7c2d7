"""The answer that a grant of a person gets at the token endpoint: access token, id token, refresh token."""

from collections.abc import Iterable
from typing import Any

from identity.oauth.access_token import IssuedToken, for_person
from identity.oauth.grant_state import StandingGrant
from identity.oauth.id_token import id_token
from identity.oauth.token_request import TokenRequest, token_answer


def person_answer(
    request: TokenRequest,
    grant: StandingGrant,
    *,
    scopes: Iterable[str],
    organization_id: str | None,
    nonce: str | None,
    refresh_token: str | None,
) -> dict[str, Any]:
    """Sign what belongs to the grant as it stands now."""
    token = for_person(
        request.runtime,
        person=grant.person,
        client=request.client,
        grant_id=grant.id,
        session_id=grant.session_id,
        scopes=scopes,
        organization_id=organization_id,
        amr=grant.amr,
        thumbprint=request.thumbprint,
        now=request.now,
    )
    return token_answer(
        token,
        thumbprint=request.thumbprint,
        refresh_token=refresh_token,
        id_token=_id_token(request, grant, token, nonce),
    )


def _id_token(request: TokenRequest, grant: StandingGrant, token: IssuedToken, nonce: str | None) -> str | None:
    if "openid" not in token.scopes:
        return None
    return id_token(
        request.runtime,
        client=request.client,
        account_id=grant.person.account_id,
        session_id=grant.session_id,
        authenticated_at=grant.authenticated_at,
        amr=grant.amr,
        nonce=nonce,
        access_token=token.value,
        organization_id=token.organization_id,
        now=request.now,
    )
