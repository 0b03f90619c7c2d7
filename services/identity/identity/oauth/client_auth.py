"""How a client proves who it is (RFC 6749 §2.3, OpenID Connect Core 1.0 §9): one method, the registered one."""

import binascii
from base64 import b64decode
from datetime import datetime
from urllib.parse import unquote_plus

from starlette.requests import Request

from chassis.auth.assertions import BadAssertion, read_unverified
from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.clients.secrets import is_one_of
from identity.oauth import store
from identity.oauth.authlib_adapter.errors import InvalidClientError, InvalidRequestError
from identity.oauth.client_assertion import checked_assertion
from identity.oauth.parameters import Parameters, has_control_characters

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_CREDENTIAL = 1024


async def authenticate_client(runtime: Runtime, request: Request, parameters: Parameters) -> Client:
    """The client that asks. Raises InvalidClientError, or InvalidRequestError when it tries two ways at once."""
    match _methods_tried(request, parameters):
        case ["client_secret_basic"]:
            client_id, secret = _basic_credentials(request.headers["authorization"])
            if parameters.get("client_id", client_id) != client_id:
                raise InvalidRequestError("Two different clients are named.")
            return await _with_secret(runtime, client_id, secret, "client_secret_basic")
        case ["client_secret_post"]:
            client_id, secret = parameters.get("client_id", ""), parameters["client_secret"]
            return await _with_secret(runtime, client_id, secret, "client_secret_post")
        case ["private_key_jwt"]:
            return await _with_assertion(runtime, parameters)
        case []:
            return await find_active_client(runtime, parameters.get("client_id", ""), method="none")
        case _:
            raise InvalidRequestError("Use one way of client authentication, not several.")


async def find_active_client(runtime: Runtime, client_id: str, *, method: str | None = None) -> Client:
    """The client with that id, registered for `method` if one is given. Raises InvalidClientError."""
    if not client_id or len(client_id) > LONGEST_CREDENTIAL or has_control_characters(client_id):
        raise InvalidClientError()
    client: Client | None = await runtime.edges.clients.find(client_id)
    if client is None or not client.is_active:
        raise InvalidClientError()
    if method is not None and client.token_endpoint_auth_method != method:
        raise InvalidClientError()
    return client


def _methods_tried(request: Request, parameters: Parameters) -> list[str]:
    tried = []
    if request.headers.get("authorization", "").split(" ")[0].lower() == "basic":
        tried.append("client_secret_basic")
    if "client_secret" in parameters:
        tried.append("client_secret_post")
    if "client_assertion" in parameters or "client_assertion_type" in parameters:
        tried.append("private_key_jwt")
    return tried


def _basic_credentials(header: str) -> tuple[str, str]:
    """User and password of a Basic header, each form-encoded by the client first (RFC 6749 §2.3.1)."""
    try:
        decoded = b64decode(header.split(" ", 1)[1].strip(), validate=True).decode("utf-8")
        client_id, separator, secret = decoded.partition(":")
        if not separator:
            raise InvalidClientError()
        return unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")
    except (IndexError, ValueError, binascii.Error) as error:
        raise InvalidClientError() from error


async def _with_secret(runtime: Runtime, client_id: str, secret: str, method: str) -> Client:
    client = await find_active_client(runtime, client_id, method=method)
    if (
        len(secret) > LONGEST_CREDENTIAL
        or has_control_characters(secret)
        or not is_one_of(secret, client.secret_digests)
    ):
        raise InvalidClientError()
    return client


async def _with_assertion(runtime: Runtime, parameters: Parameters) -> Client:
    assertion = parameters.get("client_assertion", "")
    if parameters.get("client_assertion_type") != ASSERTION_TYPE:
        raise InvalidClientError()
    now: datetime = runtime.edges.real_clock.now()
    try:
        header, claims = read_unverified(assertion)
        client_id = claims.get("sub")
        if not isinstance(client_id, str) or parameters.get("client_id", client_id) != client_id:
            raise BadAssertion("the subject is not the client")
        client = await find_active_client(runtime, client_id, method="private_key_jwt")
        audience = accepted_audience(runtime.platform.public_url, client)
        checked = checked_assertion(assertion, header, claims, client, audience=audience, now=now)
    except BadAssertion as error:
        raise InvalidClientError() from error
    async with runtime.database.read() as reader:
        is_first = await store.spend_proof(reader, issuer=client.id, jti=checked.jti, expires_at=checked.expires_at)
    if not is_first:
        raise InvalidClientError()
    return client


def accepted_audience(issuer: str, client: Client) -> tuple[str, ...]:
    """Whom an assertion may be addressed to; clients of FAPI 2.0 must name the issuer alone (§5.3.2.1)."""
    if client.is_fapi:
        return (issuer,)
    endpoints = ("token", "par", "introspect", "revoke")
    return (issuer, *(f"{issuer}/oauth2/{endpoint}" for endpoint in endpoints))
