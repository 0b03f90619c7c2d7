"""Keep a session's access token usable. However many requests notice at once, one asks the provider."""

from datetime import UTC, datetime, timedelta

from chassis.ops.logging import get_logger
from gateway.provider.errors import InvalidToken, ProviderAway, ProviderRefused
from gateway.sessions import store
from gateway.sessions.desk import SessionDesk
from gateway.sessions.session import GatewaySession

TIME_LEFT = timedelta(seconds=30)

log = get_logger(__name__)


def needs_refresh(session: GatewaySession, now: datetime) -> bool:
    """Whether its access token is about to expire."""
    return session.access_expires_at - now < TIME_LEFT


async def refresh(desk: SessionDesk, session: GatewaySession) -> GatewaySession | None:
    """The session with an access token that lasts; None where the provider ended it.

    Single flight: one task per process, one process by the row's lock; whoever waited finds the new token. The lock
    is held while identity is asked, on purpose: a second use of the same refresh token is what it prevents. A
    provider that cannot be reached ends no session: the present token serves until its end, then `ProviderAway`.
    """
    async with desk.alone(session.key):
        known = desk.cache.get(session.key)
        if known is not None and not needs_refresh(known, datetime.now(UTC)):
            return known
        try:
            fresh = await _refresh_row(desk, session.key)
        except ProviderAway:
            if session.access_expires_at > datetime.now(UTC):
                return session
            raise
    if fresh is None:
        desk.cache.drop(session.key)
    else:
        desk.cache.put(fresh)
    return fresh


async def _refresh_row(desk: SessionDesk, key: str) -> GatewaySession | None:
    async with desk.refreshing, desk.database.transaction() as tx:
        row = await store.lock(tx, key)
        if row is None:
            return None
        if row.access_expires_at - datetime.now(UTC) >= TIME_LEFT:
            return desk.session_of(row)
        refresh_token = desk.opened(row, "refresh_token")
        try:
            if refresh_token is None:
                raise ProviderRefused("invalid_grant", "There is no refresh token.")
            tokens = await desk.provider.refresh(refresh_token)
        except (ProviderRefused, InvalidToken) as refusal:
            if isinstance(refusal, ProviderRefused) and refusal.error != "invalid_grant":
                raise ProviderAway(str(refusal)) from refusal
            log.info("session.refused_by_provider", session_id=row.session_id, reason=str(refusal))
            await store.remove(tx, key)
            return None
        return desk.session_of(await store.change(tx, key, desk.sealed(key, tokens)))
