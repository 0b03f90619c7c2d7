"""Pushed authorization requests (RFC 9126)."""

from starlette.requests import Request
from starlette.responses import Response

from chassis.runtime import Runtime
from identity.oauth import interactions, parameters
from identity.oauth.authlib_adapter.errors import InvalidRequestError, OAuth2Error
from identity.oauth.authorization_request import Refused, Unreturnable, checked_request, storable
from identity.oauth.client_auth import authenticate_client
from identity.oauth.dpop import proven_thumbprint
from identity.oauth.parameters import Parameters
from identity.oauth.responses import error_response, json_response
from identity.oauth.rules import PUSHED_REQUEST_LIFE

CREDENTIALS = frozenset({"client_secret", "client_assertion", "client_assertion_type"})


async def push_authorization_request(request: Request) -> Response:
    """A `request_uri` for the request sent, or an error of RFC 9126 §2.3."""
    try:
        return await _pushed(request)
    except OAuth2Error as error:
        return error_response(error)


async def _pushed(request: Request) -> Response:
    runtime: Runtime = request.app.state.runtime
    form = await parameters.of_form(request)
    client = await authenticate_client(runtime, request, form)
    if "request_uri" in form:
        raise InvalidRequestError("A pushed request cannot refer to another one.")
    thumbprint = await proven_thumbprint(runtime, request)
    asked = _without_credentials(form, client.id, thumbprint)
    try:
        kept = storable(asked, checked_request(runtime, client, asked, is_pushed=True))
    except Unreturnable as error:
        raise InvalidRequestError("The redirect_uri is not one of the client.") from error
    except Refused as error:
        raise error.error from error
    now = runtime.edges.real_clock.now()
    async with runtime.database.read() as reader:
        reference = await interactions.push(reader, client_id=client.id, parameters=kept, now=now)
    expires_in = int(PUSHED_REQUEST_LIFE.total_seconds())
    return json_response({"request_uri": reference, "expires_in": expires_in}, 201)


def _without_credentials(form: Parameters, client_id: str, thumbprint: str | None) -> Parameters:
    """What is kept: the request itself, bound to the DPoP key if one was proven (RFC 9449 §10.1)."""
    kept = {name: value for name, value in form.items() if name not in CREDENTIALS}
    if thumbprint is not None:
        if kept.get("dpop_jkt", thumbprint) != thumbprint:
            raise InvalidRequestError("The dpop_jkt is not the key of the proof.")
        kept["dpop_jkt"] = thumbprint
    return Parameters({**kept, "client_id": client_id}, form.resources)
