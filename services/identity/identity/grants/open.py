"""A person lets a client act for them: from here on tokens can be issued."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Insert, insert

from identity.grants.models import grants


def opening(
    *,
    grant_id: str,
    account_id: str,
    client_id: str,
    session_id: str,
    is_tied_to_session: bool,
    organization_id: str | None,
    scopes: Iterable[str],
    amr: Iterable[str],
    authenticated_at: datetime,
    now: datetime,
) -> Insert:
    """The statement that stores a grant; `authenticated_at` and `amr` are those of the sign-in behind it."""
    return insert(grants).values(
        {
            "id": grant_id,
            "account_id": account_id,
            "client_id": client_id,
            "session_id": session_id,
            "is_tied_to_session": is_tied_to_session,
            "organization_id": organization_id,
            "scopes": list(scopes),
            "amr": list(amr),
            "authenticated_at": authenticated_at,
            "created_at": now,
        },
    )
