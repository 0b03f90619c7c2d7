"""Change what is known about an organization."""

from typing import Any

from sqlalchemy import update

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.organizations.create import told
from identity.organizations.events import OrganizationChanged
from identity.organizations.models import organizations
from identity.organizations.queries import Organization, organization_columns


async def change(tx: Transaction, *, organization: Organization, changes: dict[str, Any]) -> Organization:
    """The organization (its row locked by the caller) with `changes` to name, country, locale, time zone or VAT id."""
    differing = {key: value for key, value in changes.items() if getattr(organization, key) != value}
    if not differing:
        return organization
    row = await tx.one(
        update(organizations)
        .where(organizations.c.id == organization.id)
        .values(**differing, revision=organizations.c.revision + 1)
        .returning(*organization_columns)
    )
    changed = Organization.of(row)
    await record(
        tx,
        "organization.changed",
        changed.id,
        organization_id=changed.id,
        fields=sorted(differing),
    )
    tx.emit(told(OrganizationChanged, changed))
    return changed
