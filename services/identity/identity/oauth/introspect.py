"""Introspection (RFC 7662): is this token good now, and what does it cover?"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from chassis.db.transaction import Reader
from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.clients.scopes import INTERNAL_SCOPE
from identity.oauth import parameters, store
from identity.oauth.authlib_adapter.errors import InvalidClientError, InvalidRequestError, OAuth2Error
from identity.oauth.client_auth import authenticate_client
from identity.oauth.grant_state import standing_grant
from identity.oauth.presented_token import presented_token
from identity.oauth.responses import error_response, json_response
from identity.oauth.rules import refresh_verdict
from identity.oauth.tokens import REFRESH_TOKEN, digest_of

INACTIVE: dict[str, Any] = {"active": False}
SHOWN = ("iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope", "org", "roles", "sid", "cnf")


async def introspect(request: Request) -> Response:
    """What the token is worth at this moment. Clients learn about their own tokens, services about all."""
    try:
        return json_response(await _answer(request))
    except OAuth2Error as error:
        return error_response(error)


async def _answer(request: Request) -> dict[str, Any]:
    runtime: Runtime = request.app.state.runtime
    form = await parameters.of_form(request)
    client = await authenticate_client(runtime, request, form)
    if client.token_endpoint_auth_method == "none":
        raise InvalidClientError()
    token = form.get("token")
    if token is None:
        raise InvalidRequestError("The parameter token is missing.")
    async with runtime.database.read() as reader:
        known = await (_refresh_token if token.startswith(REFRESH_TOKEN) else _access_token)(runtime, reader, token)
    return known if _may_learn(client, known) else INACTIVE


def _may_learn(client: Client, known: dict[str, Any]) -> bool:
    return client.id == known.get("client_id") or INTERNAL_SCOPE in client.scopes


async def _access_token(runtime: Runtime, reader: Reader, token: str) -> dict[str, Any]:
    presented = await presented_token(runtime, reader, token)
    if presented is None:
        return INACTIVE
    claims = presented.claims
    answer = {"active": True, "token_type": "DPoP" if "cnf" in claims else "Bearer"}
    answer |= {name: claims[name] for name in SHOWN if name in claims}
    if presented.grant is not None:
        answer["username"] = presented.grant.person.email
    return answer


async def _refresh_token(runtime: Runtime, reader: Reader, token: str) -> dict[str, Any]:
    now = runtime.edges.real_clock.now()
    row = await store.find_refresh_token(reader, digest=digest_of(token))
    if row is None or refresh_verdict(used_at=row.used_at, expires_at=row.expires_at, now=now) != "fresh":
        return INACTIVE
    grant = await standing_grant(reader, row.grant_id, now=now)
    if grant is None:
        return INACTIVE
    return {
        "active": True,
        "token_type": "refresh_token",
        "client_id": row.client_id,
        "sub": grant.person.account_id,
        "scope": " ".join(row.scopes),
        "iat": int(row.issued_at.timestamp()),
        "exp": int(row.expires_at.timestamp()),
    }
