"""Reads of organizations that other features may use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from identity.organizations.models import organizations


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer company."""

    id: str
    name: str
    country: str
    locale: str
    time_zone: str
    region: str | None
    vat_id: str | None
    origin: str
    status: str
    revision: int
    created_at: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> "Organization":
        """The organization that a row of `organization_columns` holds; further columns are ignored."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})


organization_columns = tuple(organizations.c[name] for name in Organization.__dataclass_fields__)

known_organizations = (
    select(organizations.c.id, organizations.c.name, organizations.c.origin)
    .where(organizations.c.status == "active")
    .subquery("known_organizations")
)
"""Organizations as neighbours join them to their own rows; withdrawn ones are not among them."""


async def find_organization(reader: Reader, organization_id: str) -> Organization | None:
    """The organization with that id, unless it was never here or was withdrawn by a roll-back."""
    row = await reader.first(
        select(*organization_columns).where(organizations.c.id == organization_id, organizations.c.status == "active")
    )
    return Organization.of(row) if row else None


async def lock_organization(reader: Reader, organization_id: str) -> Organization | None:
    """The organization, its row locked: decisions about its members then happen one after another."""
    row = await reader.first(
        select(*organization_columns)
        .where(organizations.c.id == organization_id, organizations.c.status == "active")
        .with_for_update()
    )
    return Organization.of(row) if row else None
