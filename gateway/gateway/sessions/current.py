"""The session of the request at hand, for the gateway's own pages and routes."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from chassis.kernel.errors import Unauthenticated, Unavailable
from gateway.provider.errors import ProviderAway
from gateway.sessions.desk import SessionDesk
from gateway.sessions.find import find
from gateway.sessions.refresh import needs_refresh, refresh
from gateway.sessions.session import GatewaySession


def desk_of(request: Request) -> SessionDesk:
    """The process's session desk."""
    return request.app.state.runtime.edges.desk


async def session_of(request: Request) -> GatewaySession | None:
    """Who sits at the browser, or None. Asked again within one request, it answers from memory."""
    desk = desk_of(request)
    cookie = request.cookies.get(desk.cookie_name)
    if not cookie:
        return None
    return await find(desk, cookie)


async def signed_in(request: Request) -> GatewaySession:
    """The same where nobody may be absent; raises `Unauthenticated` (pages turn it into a way to sign in)."""
    session = await session_of(request)
    if session is None:
        raise Unauthenticated()
    return session


async def watching(request: Request) -> GatewaySession:
    """The same for what an open page asks by itself: nobody needs to be there, so it does not prolong the session."""
    desk = desk_of(request)
    cookie = request.cookies.get(desk.cookie_name)
    session = await find(desk, cookie, slide=False) if cookie else None
    if session is None:
        raise Unauthenticated()
    return session


async def usable(desk: SessionDesk, session: GatewaySession) -> GatewaySession:
    """The session with an access token that lasts; raises `Unauthenticated` where the provider ended it."""
    if not needs_refresh(session, datetime.now(UTC)):
        return session
    try:
        fresh = await refresh(desk, session)
    except ProviderAway as away:
        raise Unavailable("Your session cannot be renewed at the moment.") from away
    if fresh is None:
        raise Unauthenticated("Your session has ended.")
    return fresh


async def up_to_date(desk: SessionDesk, session: GatewaySession) -> GatewaySession:
    """The session with the rights of this moment; as it is known where the provider cannot be asked."""
    try:
        return await usable(desk, session)
    except Unavailable:
        return session


SignedIn = Annotated[GatewaySession, Depends(signed_in)]
MaybeSignedIn = Annotated[GatewaySession | None, Depends(session_of)]
