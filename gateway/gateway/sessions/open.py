"""A person has signed in: begin a session under a new cookie."""

import secrets
from datetime import UTC, datetime

from gateway.provider.tokens import Tokens
from gateway.sessions import store
from gateway.sessions.desk import SessionDesk, key_of
from gateway.sessions.session import GatewaySession


async def open(
    desk: SessionDesk, tokens: Tokens, *, replaces: str | None = None, ends_by: datetime | None = None
) -> tuple[str, GatewaySession]:
    """The value of the cookie, 256 bits that were never used before (against session fixation), and the session.

    `replaces` is the key of the session this browser had until now; it is over. `ends_by`: not later than then.
    """
    cookie = secrets.token_urlsafe(32)
    key, now = key_of(cookie), datetime.now(UTC)
    idle, life = desk.lifetime(tokens.scopes)
    values = {
        **desk.sealed(key, tokens),
        "key": key,
        "created_at": now,
        "used_at": now,
        "idle_seconds": int(idle.total_seconds()),
        "expires_at": min(now + life, ends_by or now + life),
    }
    async with desk.database.transaction(actor=tokens.account_id) as tx:
        await store.add(tx, values)
        row = await store.find(tx, key)
        if replaces:
            await store.remove(tx, replaces)
    if replaces:
        desk.cache.drop(replaces)
    session = desk.session_of(row)
    desk.cache.put(session)
    return cookie, session
