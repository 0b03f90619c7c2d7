"""Userinfo: what the person behind an access token is like (OpenID Connect Core 1.0 §5.3)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from chassis.runtime import Runtime
from identity.oauth import parameters
from identity.oauth.authlib_adapter.errors import (
    InsufficientScopeError,
    InvalidDpopProofError,
    InvalidRequestError,
    InvalidTokenError,
    OAuth2Error,
)
from identity.oauth.dpop import proven_thumbprint
from identity.oauth.people import Person
from identity.oauth.presented_token import presented_token
from identity.oauth.responses import bearer_challenge, bearer_error_response, json_response

SCHEMES = ("bearer", "dpop")


async def userinfo(request: Request) -> Response:
    """The claims that the token's scopes cover, or an error of RFC 6750 §3."""
    try:
        brought = await _token_of(request)
        if brought is None:
            return bearer_challenge()
        return json_response(await _claims(request, *brought))
    except OAuth2Error as error:
        scheme = "DPoP" if request.headers.get("authorization", "").lower().startswith("dpop ") else "Bearer"
        return bearer_error_response(error, scheme=scheme)


async def _claims(request: Request, scheme: str, token: str) -> dict[str, Any]:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.read() as reader:
        presented = await presented_token(runtime, reader, token)
    if presented is None:
        raise InvalidTokenError()
    await _check_key(runtime, request, scheme, token, presented.claims)
    if presented.grant is None or "openid" not in presented.scopes:
        raise InsufficientScopeError()
    return claims_about(presented.grant.person, presented.scopes)


def claims_about(person: Person, scopes: tuple[str, ...]) -> dict[str, Any]:
    """The standard claims that the scopes ask for (§5.4)."""
    claims: dict[str, Any] = {"sub": person.account_id}
    if "profile" in scopes:
        claims |= {"name": person.name, "locale": person.locale}
    if "email" in scopes:
        claims |= {"email": person.email, "email_verified": True}
    return claims


async def _token_of(request: Request) -> tuple[str, str] | None:
    """Scheme and token, from the header or the form of a POST, never from the address (RFC 6750 §2); None for none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    in_form = await _token_in_form(request)
    if token and in_form:
        raise InvalidRequestError("Send the access token once.")
    if in_form:
        return "bearer", in_form
    if scheme.lower() not in SCHEMES or not token.strip():
        return None
    return scheme.lower(), token.strip()


async def _token_in_form(request: Request) -> str | None:
    is_form = request.headers.get("content-type", "").startswith(parameters.FORM)
    if request.method != "POST" or not is_form:
        return None
    return (await parameters.of_form(request)).get("access_token")


async def _check_key(runtime: Runtime, request: Request, scheme: str, token: str, claims: dict[str, Any]) -> None:
    """A bound token is good only with a proof of its key (RFC 9449 §7.1)."""
    bound_to = (claims.get("cnf") or {}).get("jkt")
    if bound_to is None:
        if scheme == "dpop":
            raise InvalidTokenError("The access token is not bound to a key.")
        return
    if scheme != "dpop":
        raise InvalidTokenError("The access token is bound to a key; send it with a DPoP proof.")
    try:
        proven = await proven_thumbprint(runtime, request, access_token=token)
    except InvalidDpopProofError as error:
        raise InvalidDpopProofError(status_code=401) from error
    if proven != bound_to:
        raise InvalidDpopProofError(status_code=401)
