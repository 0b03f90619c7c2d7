"""A client acts for itself (RFC 6749 §4.4)."""

from typing import Any

from identity.clients.scopes import PROTOCOL_SCOPES
from identity.oauth.access_token import for_machine
from identity.oauth.authlib_adapter.errors import InvalidScopeError
from identity.oauth.token_request import TokenRequest, requested_scopes, token_answer

GRANT_TYPE = "client_credentials"


async def redeem(request: TokenRequest) -> dict[str, Any]:
    """A token of the client itself; no refresh token (§4.4.3) and nothing about a person in it."""
    request.check_grant_type(GRANT_TYPE)
    request.check_key()
    allowed = [scope for scope in request.client.scopes if scope not in PROTOCOL_SCOPES]
    scopes = requested_scopes(request.parameters, allowed, default=allowed)
    if not scopes:
        raise InvalidScopeError()
    token = for_machine(
        request.runtime, client=request.client, scopes=scopes, thumbprint=request.thumbprint, now=request.now
    )
    return token_answer(token, thumbprint=request.thumbprint)
