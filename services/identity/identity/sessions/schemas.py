"""Sessions as the API shows them."""

from datetime import datetime

from pydantic import BaseModel

from identity.sessions.session import KnownSession


class SessionView(BaseModel):
    """A browser in which you are signed in."""

    id: str
    current: bool
    address: str | None
    user_agent: str | None
    amr: list[str]
    clients: list[str]
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, known: KnownSession, *, current_id: str | None) -> "SessionView":
        """The session as its owner sees it."""
        session = known.session
        return cls(
            id=session.id,
            current=session.id == current_id,
            address=session.address,
            user_agent=session.user_agent,
            amr=list(session.amr),
            clients=list(known.clients),
            signed_in_at=session.authenticated_at,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
        )
