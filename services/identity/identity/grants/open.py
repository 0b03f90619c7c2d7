"""A person lets a client act for them: from here on tokens can be issued."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert

from identity.grants.models import grants

COLUMNS = (
    *("id", "account_id", "client_id", "session_id", "is_tied_to_session", "organization_id"),
    *("scopes", "amr", "authenticated_at", "created_at"),
)
OPENING = insert(grants).values({name: bindparam(f"grant_{name}") for name in COLUMNS})
"""The statement that stores a grant; it is made once, and runs together with the one that stores its code."""


def opening_parameters(
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
) -> dict[str, Any]:
    """The parameters of `OPENING`; `authenticated_at` and `amr` are those of the sign-in behind the grant."""
    return {
        "grant_id": grant_id,
        "grant_account_id": account_id,
        "grant_client_id": client_id,
        "grant_session_id": session_id,
        "grant_is_tied_to_session": is_tied_to_session,
        "grant_organization_id": organization_id,
        "grant_scopes": list(scopes),
        "grant_amr": list(amr),
        "grant_authenticated_at": authenticated_at,
        "grant_created_at": now,
    }
