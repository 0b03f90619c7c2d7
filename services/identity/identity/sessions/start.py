"""Sign a person in, in the browser that asks."""

from collections.abc import Iterable
from datetime import datetime

from starlette.requests import Request

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.sessions import store
from identity.sessions.cookie import SessionCookie, cookie_name, digest_of, new_secret, presented_secret
from identity.sessions.cookie import set_session_cookie as set_session_cookie
from identity.sessions.end import end_session
from identity.sessions.peer import address_of
from identity.sessions.rules import LIFETIMES, kind_of
from identity.sessions.session import Session

LONGEST_USER_AGENT = 300


async def start_session(
    tx: Transaction,
    request: Request,
    account_id: str,
    amr: Iterable[str],
    *,
    is_operator: bool = False,
    is_remembered: bool = False,
) -> SessionCookie:
    """The cookie of a session in which `account_id` has just proved who they are by the means `amr` (RFC 8176).

    The cookie's value is always new, so that nobody can fix it beforehand. Somebody who signs in again keeps the
    session; somebody else's session in this browser ends.
    """
    runtime = request.app.state.runtime
    now: datetime = runtime.edges.real_clock.now()
    secret = new_secret()
    kind = kind_of(is_operator=is_operator, is_remembered=is_remembered)
    values = {
        "secret_digest": digest_of(secret),
        "account_id": account_id,
        "amr": list(amr),
        "kind": kind,
        "address": address_of(request),
        "user_agent": request.headers.get("user-agent", "")[:LONGEST_USER_AGENT],
        "authenticated_at": now,
        "last_seen_at": now,
        "expires_at": now + LIFETIMES[kind].absolute,
    }
    present = await _present_session(tx, request)
    if present is not None and present.account_id == account_id and present.is_live(now):
        await store.update_session(tx, session_id=present.id, values=values)
    else:
        if present is not None:
            await end_session(tx, present.id, "replaced")
        await store.insert_session(tx, values={**values, "id": new_id("ses"), "created_at": now})
    is_secure = runtime.platform.is_secure
    max_age = int(LIFETIMES[kind].absolute.total_seconds()) if is_remembered else None
    return SessionCookie(cookie_name(is_secure=is_secure), secret, is_secure, max_age)


async def _present_session(tx: Transaction, request: Request) -> Session | None:
    secret = presented_secret(request)
    return await store.by_digest(tx, digest=digest_of(secret)) if secret else None
