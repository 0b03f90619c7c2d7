"""Consents and grants in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.db.transaction import Reader, Transaction
from identity.grants.models import consents, grants


async def revoke(tx: Transaction, *, condition: Any, reason: str, now: datetime) -> list[Row[Any]]:
    """Take back the grants that meet `condition`; id and client of those that were good until now."""
    return await tx.all(
        update(grants)
        .where(condition, grants.c.revoked_at.is_(None))
        .values(revoked_at=now, revoke_reason=reason)
        .returning(grants.c.id, grants.c.client_id)
    )


async def consent_of(reader: Reader, *, account_id: str, client_id: str) -> Row[Any] | None:
    """What a person has agreed to for a client."""
    return await reader.first(
        select(consents).where(consents.c.account_id == account_id, consents.c.client_id == client_id)
    )


async def consents_of(reader: Reader, *, account_id: str) -> list[Row[Any]]:
    """Everything that a person has agreed to."""
    return await reader.all(
        select(consents).where(consents.c.account_id == account_id).order_by(consents.c.given_at, consents.c.client_id)
    )


async def add_consent(tx: Transaction, *, account_id: str, client_id: str, scopes: list[str], now: datetime) -> None:
    """Add scopes to what a person has agreed to for a client."""
    statement = upsert(consents).values(
        account_id=account_id, client_id=client_id, scopes=scopes, given_at=now, changed_at=now
    )
    united = select(func.array_agg(literal_column("s").distinct())).select_from(
        func.unnest(consents.c.scopes + statement.excluded.scopes).alias("s")
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[consents.c.account_id, consents.c.client_id],
            set_={"scopes": united.scalar_subquery(), "changed_at": now},
        )
    )


async def remove_consents(tx: Transaction, *, account_id: str, client_id: str | None) -> list[str]:
    """Forget what a person has agreed to for one client, or for all; the ids of the clients."""
    condition = consents.c.account_id == account_id
    if client_id is not None:
        condition &= consents.c.client_id == client_id
    rows = await tx.all(delete(consents).where(condition).returning(consents.c.client_id))
    return [row.client_id for row in rows]
