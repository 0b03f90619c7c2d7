"""A session as the rest of the service knows it."""

from dataclasses import dataclass
from datetime import datetime

from identity.sessions.browsers import browser_name
from identity.sessions.rules import is_live


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which one person is signed in. `authenticated_at` is the last time they proved who they are."""

    id: str
    account_id: str
    amr: tuple[str, ...]
    kind: str
    address: str | None
    user_agent: str | None
    authenticated_at: datetime
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime

    def is_live(self, now: datetime) -> bool:
        """Whether it still counts at `now` (real time)."""
        return is_live(self.kind, last_seen_at=self.last_seen_at, expires_at=self.expires_at, now=now)


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session with the names of the clients that were opened in it."""

    session: Session
    clients: tuple[str, ...]

    @property
    def browser(self) -> str:
        """What its person calls the browser."""
        return browser_name(self.session.user_agent)
