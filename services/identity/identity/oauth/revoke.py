"""Revocation (RFC 7009): a client gives a token back."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from chassis.db.transaction import Transaction
from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.grants.events import AccessRevoked
from identity.grants.revoke import revoke as revoke_grant
from identity.oauth import parameters, store
from identity.oauth.authlib_adapter.errors import InvalidRequestError, OAuth2Error, UnauthorizedClientError
from identity.oauth.client_auth import authenticate_client
from identity.oauth.presented_token import claims_of
from identity.oauth.responses import NO_STORE, error_response
from identity.oauth.tokens import REFRESH_TOKEN, digest_of


async def revoke(request: Request) -> Response:
    """An empty 200, also for tokens that are unknown or over (§2.2); `token_type_hint` is not needed."""
    runtime: Runtime = request.app.state.runtime
    try:
        form = await parameters.of_form(request)
        client = await authenticate_client(runtime, request, form)
        token = form.get("token")
        if token is None:
            raise InvalidRequestError("The parameter token is missing.")
        async with runtime.database.transaction(actor=f"client:{client.id}") as tx:
            await _take_back(runtime, tx, client, token)
    except OAuth2Error as error:
        return error_response(error)
    return Response(status_code=200, headers=NO_STORE)


async def _take_back(runtime: Runtime, tx: Transaction, client: Client, token: str) -> None:
    if token.startswith(REFRESH_TOKEN):
        await _take_back_refresh_token(tx, client, token)
    else:
        await _take_back_access_token(runtime, tx, client, token)


async def _take_back_refresh_token(tx: Transaction, client: Client, token: str) -> None:
    """The whole grant ends: access tokens issued on it are not good any more either (§2.1)."""
    row = await store.find_refresh_token(tx, digest=digest_of(token))
    if row is None:
        return
    _check_owner(client, row.client_id)
    await revoke_grant(tx, grant_id=row.grant_id, reason="revoked_by_client")


async def _take_back_access_token(runtime: Runtime, tx: Transaction, client: Client, token: str) -> None:
    """This token alone ends; its grant goes on. The other services hear of it, as they look at no list of ours."""
    claims = claims_of(runtime, token)
    if claims is None:
        return
    _check_owner(client, claims["client_id"])
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    await store.revoke_access_token(tx, jti=claims["jti"], expires_at=expires_at)
    tx.emit(AccessRevoked(token_id=claims["jti"], client_id=client.id, reason="revoked_by_client"))


def _check_owner(client: Client, owner_id: str) -> None:
    if client.id != owner_id:
        raise UnauthorizedClientError("The token was issued to another client.")
