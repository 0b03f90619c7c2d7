"""What neighbours may ask about organizations."""

from sqlalchemy import bindparam, select

from chassis.db.transaction import Reader
from licensing.organizations.models import organizations
from licensing.organizations.snapshots import Organization

BY_ID = select(organizations).where(organizations.c.id == bindparam("organization_id"))


async def organization_of(reader: Reader, organization_id: str) -> Organization:
    """The organization; one that nobody has told us about yet counts its days in UTC."""
    row = await reader.first(BY_ID, {"organization_id": organization_id})
    if row is None:
        return Organization(id=organization_id, name="")
    return Organization.model_validate(row._asdict())
