"""Add an endpoint."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from notifications.webhooks.errors import TooManyEndpoints
from notifications.webhooks.models import endpoints
from notifications.webhooks.sealing import Seal
from notifications.webhooks.signing import new_secret

MOST_PER_ORGANIZATION = 20


@dataclass(frozen=True)
class Wanted:
    """The endpoint as it was asked for; url and filters are checked."""

    organization_id: str | None
    url: str
    description: str
    event_types: list[str]
    contact_email: str | None
    contact_locale: str


async def create(tx: Transaction, seal: Seal, *, wanted: Wanted, by: str) -> tuple[Row[Any], str]:
    """Store the endpoint; answers it with its secret. Raises TooManyEndpoints."""
    if wanted.organization_id is not None:
        same = select(func.count()).where(endpoints.c.organization_id == wanted.organization_id)
        if await tx.scalar(same) >= MOST_PER_ORGANIZATION:
            raise TooManyEndpoints(f"An organization can have {MOST_PER_ORGANIZATION} webhook endpoints.")
    secret = new_secret()
    statement = insert(endpoints).values(
        id=new_id("whk"),
        organization_id=wanted.organization_id,
        url=wanted.url,
        description=wanted.description,
        event_types=wanted.event_types,
        secret=seal.close(secret),
        contact_email=wanted.contact_email,
        contact_locale=wanted.contact_locale,
        created_by=by,
        created_at=tx.now,
        updated_at=tx.now,
    )
    return await tx.one(statement.returning(endpoints)), secret
