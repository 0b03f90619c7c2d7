"""Who is signed in, in the browser that asks."""

from starlette.requests import Request

from chassis.db.transaction import Reader
from identity.sessions import store
from identity.sessions.cookie import digest_of, presented_secret
from identity.sessions.rules import TOUCH_EVERY
from identity.sessions.session import Session


async def current_session(request: Request, reader: Reader) -> Session | None:
    """The live session of this browser, its use noted; None when nobody is signed in."""
    secret = presented_secret(request)
    if secret is None or len(secret) > 200:
        return None
    session = await store.by_digest(reader, digest=digest_of(secret))
    now = request.app.state.runtime.edges.real_clock.now()
    if session is None or not session.is_live(now):
        return None
    if now - session.last_seen_at > TOUCH_EVERY:
        await store.update_session(reader, session_id=session.id, values={"last_seen_at": now})
    return session
