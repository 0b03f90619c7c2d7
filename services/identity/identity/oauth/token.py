"""The token endpoint (RFC 6749 §3.2)."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from chassis.runtime import Runtime
from identity.oauth import parameters
from identity.oauth.authlib_adapter.errors import InvalidRequestError, OAuth2Error, UnsupportedGrantTypeError
from identity.oauth.client_auth import authenticate_client
from identity.oauth.dpop import proven_thumbprint
from identity.oauth.grant_types import authorization_code, client_credentials, refresh_token
from identity.oauth.responses import error_response, json_response
from identity.oauth.token_request import TokenRequest, check_resources

GRANT_TYPES: dict[str, Callable[[TokenRequest], Awaitable[dict[str, Any]]]] = {
    authorization_code.GRANT_TYPE: authorization_code.redeem,
    refresh_token.GRANT_TYPE: refresh_token.redeem,
    client_credentials.GRANT_TYPE: client_credentials.redeem,
}


async def token(request: Request) -> Response:
    """Tokens, or an error of RFC 6749 §5.2."""
    try:
        return json_response(await _tokens(request))
    except OAuth2Error as error:
        return error_response(error)


async def _tokens(request: Request) -> dict[str, Any]:
    runtime: Runtime = request.app.state.runtime
    form = await parameters.of_form(request)
    client = await authenticate_client(runtime, request, form)
    redeem = _way_of(form.get("grant_type"))
    thumbprint = await proven_thumbprint(runtime, request)
    check_resources(form, runtime.platform.audience)
    return await redeem(TokenRequest(runtime, form, client, thumbprint, runtime.edges.real_clock.now()))


def _way_of(grant_type: str | None) -> Callable[[TokenRequest], Awaitable[dict[str, Any]]]:
    if grant_type is None:
        raise InvalidRequestError("The parameter grant_type is missing.")
    if grant_type not in GRANT_TYPES:
        raise UnsupportedGrantTypeError()
    return GRANT_TYPES[grant_type]
