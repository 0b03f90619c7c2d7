"""Make an organization known, new or brought over from the old shop."""

from sqlalchemy import literal_column
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from identity.organizations.events import OrganizationChanged, OrganizationCreated, OrganizationEvent
from identity.organizations.models import organizations
from identity.organizations.queries import Organization, organization_columns


async def create(
    tx: Transaction,
    *,
    organization_id: str,
    name: str,
    country: str,
    locale: str,
    time_zone: str,
    region: str | None = None,
    vat_id: str | None = None,
    origin: str = "new",
) -> Organization | None:
    """The organization under the given id; None when it was here already, which changes nothing.

    One that a roll-back withdrew comes back with what is said about it now.
    """
    values = {
        "name": name,
        "country": country,
        "locale": locale,
        "time_zone": time_zone,
        "region": region,
        "vat_id": vat_id,
        "origin": origin,
    }
    statement = insert(organizations).values(id=organization_id, created_at=tx.now, **values)
    row = await tx.first(
        statement.on_conflict_do_update(
            index_elements=[organizations.c.id],
            set_={**values, "status": "active", "revision": organizations.c.revision + 1},
            where=organizations.c.status == "withdrawn",
        ).returning(*organization_columns, literal_column("xmax = 0").label("is_new"))
    )
    if row is None:
        return None
    organization = Organization.of(row)
    tx.emit(told(OrganizationCreated if row.is_new else OrganizationChanged, organization))
    return organization


def told(kind: type[OrganizationEvent], organization: Organization) -> OrganizationEvent:
    """The event of that kind about the organization as it is now."""
    return kind(
        organization_id=organization.id,
        name=organization.name,
        country=organization.country,
        locale=organization.locale,
        time_zone=organization.time_zone,
        vat_id=organization.vat_id,
        origin=organization.origin,
    )
