"""A consent as the rest of the service knows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person has agreed to for one client."""

    client_id: str
    client_name: str
    scopes: tuple[str, ...]
    given_at: datetime
    changed_at: datetime
