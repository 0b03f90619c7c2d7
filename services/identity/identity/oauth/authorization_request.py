"""An authorization request, checked from top to bottom (RFC 6749 §4.1.1, OpenID Connect Core 1.0 §3.1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.clients.scopes import API_SCOPES, split
from identity.keys.ring import UnknownToken
from identity.oauth.authlib_adapter import pkce
from identity.oauth.authlib_adapter.errors import (
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    RegistrationNotSupportedError,
    RequestNotSupportedError,
    RequestURINotSupportedError,
    UnauthorizedClientError,
    UnsupportedResponseTypeError,
)
from identity.oauth.dpop import is_thumbprint
from identity.oauth.parameters import Parameters
from identity.oauth.rules import PROMPTS, Wishes
from identity.oauth.token_request import check_resources

RESPONSE_MODES = ("query", "form_post")
HINTED_ACCOUNT = "hinted_account"
"""Stands for an `id_token_hint` in stored requests. A client that sends it says no more than with `login_hint`."""


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """Where and how the answer goes back, once that is known to be safe."""

    redirect_uri: str
    response_mode: str
    state: str | None


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request in which everything that can be judged without the person is right."""

    client: Client
    back: ReturnAddress
    scopes: tuple[str, ...]
    wishes: Wishes
    nonce: str | None
    code_challenge: str | None
    dpop_thumbprint: str | None
    login_hint: str | None
    organization_id: str | None


class Unreturnable(Exception):
    """The request cannot be answered to the client, because it is not known to be the client's (§3.1.2.4)."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Refused(Exception):
    """The request is wrong, and the client may be told."""

    def __init__(self, error: OAuth2Error, back: ReturnAddress) -> None:
        super().__init__(error.error)
        self.error = error
        self.back = back


async def known_client(runtime: Runtime, client_id: str | None) -> Client:
    """The active client of that name. Raises Unreturnable."""
    client: Client | None = await runtime.edges.clients.find(client_id) if client_id else None
    if client is None or not client.is_active:
        raise Unreturnable("unknown_client")
    return client


def checked_request(
    runtime: Runtime, client: Client, parameters: Parameters, *, is_pushed: bool
) -> AuthorizationRequest:
    """The request, or the reason against it. Raises Unreturnable and Refused."""
    back = _return_address(client, parameters)
    try:
        if "authorization_code" not in client.grant_types:
            raise UnauthorizedClientError("The client is not registered for the authorization code flow.")
        _check_response_mode(parameters)
        _check_unsupported(parameters)
        if client.require_pushed_authorization_requests and not is_pushed:
            raise InvalidRequestError("This client must push its authorization requests.")
        check_resources(parameters, runtime.platform.audience)
        return AuthorizationRequest(
            client=client,
            back=back,
            scopes=_scopes(client, parameters),
            wishes=_wishes(runtime, client, parameters),
            nonce=parameters.get("nonce"),
            code_challenge=_code_challenge(client, parameters),
            dpop_thumbprint=_dpop_thumbprint(parameters),
            login_hint=parameters.get("login_hint"),
            organization_id=parameters.get("organization"),
        )
    except OAuth2Error as error:
        raise Refused(error, back) from error


def _return_address(client: Client, parameters: Mapping[str, str]) -> ReturnAddress:
    requested = parameters.get("redirect_uri")
    if requested is None and len(client.redirect_uris) == 1 and "openid" not in split(parameters.get("scope")):
        requested = client.redirect_uris[0]  # RFC 6749 §3.1.2.3; OpenID Connect always wants it
    if requested is None or not client.may_return_to(requested):
        raise Unreturnable("unknown_redirect_uri")
    mode = parameters.get("response_mode", "query")
    return ReturnAddress(requested, mode if mode in RESPONSE_MODES else "query", parameters.get("state"))


def _check_response_mode(parameters: Mapping[str, str]) -> None:
    if parameters.get("response_mode", "query") not in RESPONSE_MODES:
        raise InvalidRequestError("The response_mode is not supported.")
    response_type = parameters.get("response_type")
    if response_type is None:
        raise InvalidRequestError("The parameter response_type is missing.")
    if response_type != "code":
        raise UnsupportedResponseTypeError()


def _check_unsupported(parameters: Mapping[str, str]) -> None:
    if "request" in parameters:
        raise RequestNotSupportedError("Request objects are not supported.")
    if "request_uri" in parameters:
        raise RequestURINotSupportedError("The only request_uri taken is that of a pushed request.")
    if "registration" in parameters:
        raise RegistrationNotSupportedError("Registration by request is not supported.")


def _scopes(client: Client, parameters: Mapping[str, str]) -> tuple[str, ...]:
    asked = split(parameters.get("scope"))
    if not asked:
        asked = tuple(scope for scope in client.scopes if scope in API_SCOPES)
    if not asked or not set(asked) <= set(client.scopes):
        raise InvalidScopeError()
    return asked


def _wishes(runtime: Runtime, client: Client, parameters: Mapping[str, str]) -> Wishes:
    prompts = frozenset(split(parameters.get("prompt")))
    if not prompts <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise InvalidRequestError("The prompt is not supported.")
    return Wishes(prompts, _max_age(parameters.get("max_age")), _hinted_account(runtime, client, parameters))


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 10:
        raise InvalidRequestError("The max_age is not a number of seconds.")
    return int(text)


def _hinted_account(runtime: Runtime, client: Client, parameters: Mapping[str, str]) -> str | None:
    hint = parameters.get("id_token_hint")
    if hint is None:
        return parameters.get(HINTED_ACCOUNT)
    claims = claims_of_hint(runtime, hint)
    if claims is None or claims.get("aud") != client.id:
        raise InvalidRequestError("The id_token_hint is not an id token of this client.")
    return str(claims["sub"])


def storable(parameters: Parameters, asked: AuthorizationRequest) -> Parameters:
    """What may be kept of a request: of an id token only whom it names, for no table holds a token."""
    if "id_token_hint" not in parameters:
        return parameters
    kept = {name: value for name, value in parameters.items() if name != "id_token_hint"}
    return Parameters({**kept, HINTED_ACCOUNT: str(asked.wishes.hinted_account_id)}, parameters.resources)


def claims_of_hint(runtime: Runtime, hint: str) -> dict[str, Any] | None:
    """The claims of an id token of ours, expired ones too; None for anything else."""
    try:
        return runtime.edges.keys.verify(hint, typ="JWT")
    except UnknownToken:
        return None


def _code_challenge(client: Client, parameters: Mapping[str, str]) -> str | None:
    challenge = parameters.get("code_challenge")
    if challenge is None:
        if client.require_pkce or client.token_endpoint_auth_method == "none":
            raise InvalidRequestError("A code_challenge is required.")
        if "code_challenge_method" in parameters:
            raise InvalidRequestError("A code_challenge_method needs a code_challenge.")
        return None
    if parameters.get("code_challenge_method") != pkce.METHOD:
        raise InvalidRequestError("The only code_challenge_method is S256.")
    if not pkce.is_challenge(challenge):
        raise InvalidRequestError("The code_challenge is malformed.")
    return challenge


def _dpop_thumbprint(parameters: Mapping[str, str]) -> str | None:
    thumbprint = parameters.get("dpop_jkt")
    if thumbprint is not None and not is_thumbprint(thumbprint):
        raise InvalidRequestError("The dpop_jkt is malformed.")
    return thumbprint
