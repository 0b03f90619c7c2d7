"""Grants grow old."""

from datetime import datetime

from sqlalchemy import delete

from chassis.db.transaction import Transaction
from identity.grants.models import grants


async def forget_grants(tx: Transaction, *, before: datetime) -> None:
    """Delete grants opened before `before`, on which nothing can be issued any more."""
    await tx.execute(delete(grants).where(grants.c.created_at < before))
