"""What neighbours may ask about organizations."""

from collections.abc import Collection

from sqlalchemy import bindparam, select

from chassis.db.transaction import Reader
from licensing.organizations.models import organizations
from licensing.organizations.snapshots import Organization

BY_ID = select(organizations).where(organizations.c.id == bindparam("organization_id"))


async def organization_of(reader: Reader, organization_id: str) -> Organization:
    """The organization; one that nobody has told us about yet counts its days in UTC."""
    row = await reader.first(BY_ID, {"organization_id": organization_id})
    return _unknown(organization_id) if row is None else Organization.model_validate(row._asdict())


async def organizations_of(reader: Reader, organization_ids: Collection[str]) -> dict[str, Organization]:
    """The same of many, by id."""
    rows = await reader.all(select(organizations).where(organizations.c.id.in_(organization_ids)))
    known = {row.id: Organization.model_validate(row._asdict()) for row in rows}
    return {each: known.get(each) or _unknown(each) for each in organization_ids}


def _unknown(organization_id: str) -> Organization:
    return Organization(id=organization_id, name="")
