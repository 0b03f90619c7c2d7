"""Tell clients that a session is over (OpenID Connect Back-Channel Logout 1.0)."""

import secrets
from datetime import datetime, timedelta

import httpx

from chassis.db.transaction import Transaction
from chassis.ops.logging import get_logger
from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.clients.queries import find_client
from identity.sessions.queries import account_of_session, clients_that_know

log = get_logger(__name__)

DELIVER = "logout_token.deliver"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPE = "logout+jwt"
TOKEN_LIFE = timedelta(minutes=2)
SECONDS_TO_ANSWER = 3.0
TRIED_FOR = timedelta(hours=1)


class NotDelivered(RuntimeError):
    """The client did not take the logout token; it is sent again."""


async def tell_clients(tx: Transaction, *, session_id: str) -> None:
    """Have a logout token delivered to every client that knows of the session and wants one. Twice is harmless."""
    for client_id in await clients_that_know(tx, session_id):
        client = await find_client(tx, client_id=client_id)
        if client is not None and client.is_active and client.backchannel_logout_uri:
            tx.schedule(
                DELIVER,
                key=f"{session_id}:{client_id}",
                due_at=tx.now,
                payload={"session_id": session_id, "client_id": client_id},
                not_after=tx.now + TRIED_FOR,
            )


async def deliver(runtime: Runtime, *, session_id: str, client_id: str) -> None:
    """Post one logout token. Raises NotDelivered so that the job tries again; a second one is harmless (§2.5)."""
    async with runtime.database.read() as reader:
        client = await find_client(reader, client_id=client_id)
        account_id = await account_of_session(reader, session_id)
    if client is None or client.backchannel_logout_uri is None or account_id is None:
        return
    token = logout_token(
        runtime, client, session_id=session_id, account_id=account_id, now=runtime.edges.real_clock.now()
    )
    await _post(runtime, client, client.backchannel_logout_uri, token)


def logout_token(runtime: Runtime, client: Client, *, session_id: str, account_id: str, now: datetime) -> str:
    """The signed statement that the session has ended (§2.4); it never carries a nonce."""
    issued_at = int(now.timestamp())
    claims = {
        "iss": runtime.platform.public_url,
        "aud": client.id,
        "iat": issued_at,
        "exp": issued_at + int(TOKEN_LIFE.total_seconds()),
        "jti": secrets.token_urlsafe(16),
        "sub": account_id,
        "sid": session_id,
        "events": {EVENT: {}},
    }
    return runtime.edges.keys.sign(claims, typ=TYPE, algorithm=client.id_token_signed_response_alg)


async def _post(runtime: Runtime, client: Client, uri: str, token: str) -> None:
    try:
        answer = await runtime.http.post(
            uri, data={"logout_token": token}, timeout=SECONDS_TO_ANSWER, follow_redirects=False
        )
    except httpx.HTTPError as error:
        raise NotDelivered(f"{client.id} does not answer: {type(error).__name__}") from error
    if answer.status_code == 400:
        log.warning("logout_token.refused", client_id=client.id, status=answer.status_code)
        return
    if not answer.is_success:
        raise NotDelivered(f"{client.id} answered {answer.status_code}")
