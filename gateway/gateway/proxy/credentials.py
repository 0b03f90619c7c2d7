"""With what right a request goes on: the caller's own bearer token, the session behind the cookie, or none."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from chassis.kernel.errors import Unavailable
from gateway.limits.limits import Limits
from gateway.provider.errors import ProviderAway
from gateway.proxy.incoming import Incoming
from gateway.sessions.csrf import check_call
from gateway.sessions.desk import SessionDesk
from gateway.sessions.find import find
from gateway.sessions.refresh import needs_refresh, refresh
from gateway.sessions.session import GatewaySession


@dataclass(frozen=True, slots=True)
class Credentials:
    """Turns what the caller sent into the Authorization header that the service gets."""

    desk: SessionDesk
    limits: Limits
    own_origin: str

    async def authorization_for(self, request: Incoming) -> str | None:
        """The header's value, or None for a visitor.

        A bearer token is passed on as it is and no cookie is looked at. A cookie counts only where the call comes
        from our own pages. A session that is over makes a visitor: the service says 401 where it needs more.
        """
        authorization = request.text(b"authorization")
        if authorization is not None:
            self.limits.check_client(authorization)
            return authorization
        session = await self.session_of(request)
        if session is None:
            self.limits.check_visitor(request.peer)
            return None
        check_call(
            request.method,
            csrf=request.text(b"x-csrf"),
            site=request.text(b"sec-fetch-site"),
            origin=request.text(b"origin"),
            own_origin=self.own_origin,
        )
        self.limits.check_session(session.key)
        request.work.actor = f"user:{session.account_id}"
        return f"Bearer {session.access_token}"

    async def session_of(self, request: Incoming) -> GatewaySession | None:
        """The session behind the cookie, its access token fresh."""
        cookies = request.text(b"cookie")
        value = None if cookies is None else cookie_in(cookies, self.desk.cookie_name)
        if not value:
            return None
        try:
            session = await find(self.desk, value)
            if session is None or not needs_refresh(session, datetime.now(UTC)):
                return session
            return await refresh(self.desk, session)
        except ProviderAway as away:
            raise Unavailable("Your session cannot be renewed at the moment. Please try again.") from away
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable("Your session cannot be looked up at the moment. Please try again.") from error


def cookie_in(cookies: str, name: str) -> str | None:
    """The value of one cookie; None where it is absent or came twice with different values."""
    prefix = f"{name}="
    values = {part[len(prefix) :] for item in cookies.split(";") if (part := item.strip()).startswith(prefix)}
    return values.pop() if len(values) == 1 else None


def without_session(cookies: str, prefixes: tuple[str, ...]) -> str:
    """The cookies that are not the gateway's own."""
    return "; ".join(part for item in cookies.split(";") if (part := item.strip()) and not part.startswith(prefixes))
