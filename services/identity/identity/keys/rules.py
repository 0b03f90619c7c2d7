"""How signing keys take turns: `next` is published before it signs, `retired` while its tokens live."""

from datetime import datetime, timedelta

ALGORITHMS = ("ES256", "RS256")
"""ES256 signs everything but the id tokens of clients that ask for RS256 (OpenID Connect Core 1.0 §15.1)."""

LIFE_OF_A_KEY = timedelta(days=90)
PUBLISHED_AFTER_RETIREMENT = timedelta(hours=2)
"""Longer than any token lives (10 minutes), clocks that go wrong and caches of the key set included."""

KEPT_AFTER_RETIREMENT = timedelta(days=180)
"""An `id_token_hint` is verified long after its token expired (OpenID Connect RP-Initiated Logout 1.0 §2)."""


def is_published(state: str, retired_at: datetime | None, *, now: datetime) -> bool:
    """Whether the key belongs into the key set that clients read."""
    return state != "retired" or retired_at is None or now < retired_at + PUBLISHED_AFTER_RETIREMENT


def is_due_for_rotation(activated_at: datetime | None, *, now: datetime) -> bool:
    """Whether the active key has signed long enough."""
    return activated_at is not None and now >= activated_at + LIFE_OF_A_KEY


def is_forgotten(retired_at: datetime | None, *, now: datetime) -> bool:
    """Whether nothing that the key has signed is of any use any more."""
    return retired_at is not None and now >= retired_at + KEPT_AFTER_RETIREMENT
