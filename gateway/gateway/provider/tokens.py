"""What identity hands out at the token endpoint, read into the few things the gateway keeps."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tokens:
    """A set of tokens and what they say about the person. `name` is None where only tokens were asked for."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    id_token: str | None = field(repr=False)
    expires_at: datetime
    account_id: str
    session_id: str
    organization_id: str | None
    roles: frozenset[str]
    scopes: frozenset[str]
    email: str
    name: str | None
    locale: str | None
