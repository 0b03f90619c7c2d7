"""Sign out everywhere: the browser's session here, the provider's session, and whatever else hangs on it."""

import contextlib

from chassis.kernel.errors import BusinessError
from chassis.ops.logging import get_logger
from gateway.provider.errors import ProviderAway, ProviderRefused
from gateway.sessions.current import usable
from gateway.sessions.desk import SessionDesk
from gateway.sessions.end import end
from gateway.sessions.session import GatewaySession

log = get_logger(__name__)

SIGNED_OUT = "/signed-out"


async def logout(desk: SessionDesk, session: GatewaySession) -> str:
    """Where the browser goes to finish signing out at the provider.

    The session here ends first and whatever happens. The provider's is ended at once, without waiting for the
    browser to follow the address; the back channel carries it on to every other application.
    """
    with contextlib.suppress(BusinessError):
        session = await usable(desk, session)
    refresh_token, id_token = await end(desk, session)
    await _end_at_provider(desk, session)
    await _give_back(desk, refresh_token)
    log.info("session.logged_out", account_id=session.account_id, session_id=session.session_id)
    return desk.provider.end_session_url(id_token) if id_token else SIGNED_OUT


async def _end_at_provider(desk: SessionDesk, session: GatewaySession) -> None:
    if not await desk.provider.end_session(session.session_id, session.access_token):
        log.warning("logout.provider_not_told", session_id=session.session_id)


async def _give_back(desk: SessionDesk, refresh_token: str | None) -> None:
    if refresh_token is None:
        return
    try:
        await desk.provider.revoke(refresh_token)
    except (ProviderAway, ProviderRefused) as error:
        log.warning("logout.token_not_revoked", reason=str(error))
