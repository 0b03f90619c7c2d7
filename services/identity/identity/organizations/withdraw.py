"""Take an organization back after its transfer was rolled back."""

from sqlalchemy import update

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.organizations.models import organizations


async def withdraw(tx: Transaction, organization_id: str) -> None:
    """Hide the organization from everybody until a transfer brings it again; twice is harmless."""
    row = await tx.first(
        update(organizations)
        .where(organizations.c.id == organization_id, organizations.c.status == "active")
        .values(status="withdrawn", revision=organizations.c.revision + 1)
        .returning(organizations.c.id)
    )
    if row is not None:
        await record(tx, "organization.withdrawn", organization_id, organization_id=organization_id)
