"""Whether a grant still stands: it, its session and its person as they are at this moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Reader
from identity.oauth import store
from identity.oauth.people import Person
from identity.sessions.rules import is_live


@dataclass(frozen=True, slots=True)
class StandingGrant:
    """A grant that is good now, and the person who gave it."""

    id: str
    client_id: str
    session_id: str | None
    organization_id: str | None
    scopes: tuple[str, ...]
    amr: tuple[str, ...]
    authenticated_at: datetime
    created_at: datetime
    is_tied_to_session: bool
    person: Person


async def standing_grant(reader: Reader, grant_id: str, *, now: datetime) -> StandingGrant | None:
    """The grant, unless it does not stand any more."""
    return standing(await store.grant(reader, grant_id=grant_id), now=now)


def standing(row: Row[Any] | None, *, now: datetime) -> StandingGrant | None:
    """The grant of a row, or None when it was revoked, its person may not sign in, or its session is over.

    A changed password ends what was granted before it, except in the session that goes on.
    """
    if row is None or row.revoked_at is not None:
        return None
    in_session = _is_session_live(row, now)
    person = Person.of(row)
    if not person.is_active or (row.is_tied_to_session and not in_session):
        return None
    if person.tokens_not_before is not None and row.created_at < person.tokens_not_before and not in_session:
        return None
    return StandingGrant(
        id=row.grant_id,
        client_id=row.client_id,
        session_id=row.session_id,
        organization_id=row.organization_id,
        scopes=tuple(row.scopes),
        amr=tuple(row.amr),
        authenticated_at=row.authenticated_at,
        created_at=row.created_at,
        is_tied_to_session=row.is_tied_to_session,
        person=person,
    )


def _is_session_live(row: Row[Any], now: datetime) -> bool:
    if row.session_id is None or row.session_ended_at is not None:
        return False
    return is_live(row.session_kind, last_seen_at=row.session_last_seen_at, expires_at=row.session_expires_at, now=now)
