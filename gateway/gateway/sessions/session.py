"""A signed-in browser, as the rest of the gateway sees it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

OPERATOR_SCOPES = frozenset({"operator:read", "operator:write"})


@dataclass(frozen=True, slots=True)
class GatewaySession:
    """Who is signed in and for which organization. Times are real ones: security never follows the business clock."""

    key: str = field(repr=False)
    session_id: str
    account_id: str
    organization_id: str | None
    roles: frozenset[str]
    scopes: frozenset[str]
    email: str
    name: str
    locale: str | None
    access_token: str = field(repr=False)
    access_expires_at: datetime
    created_at: datetime
    used_at: datetime
    idle: timedelta
    expires_at: datetime

    @property
    def is_operator(self) -> bool:
        """Whether this account belongs to the vendor's own staff."""
        return bool(self.scopes & OPERATOR_SCOPES)

    @property
    def over_at(self) -> datetime:
        """When it ends if nothing more happens."""
        return min(self.used_at + self.idle, self.expires_at)
