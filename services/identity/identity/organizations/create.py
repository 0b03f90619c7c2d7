"""Make organizations known, new or brought over from the old shop."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from chassis.db.transaction import Transaction
from identity.organizations.events import OrganizationChanged, OrganizationCreated, OrganizationEvent
from identity.organizations.queries import Organization

# Rows are locked in the order of their ids; those of an organization that is here already, too.
MAKE = text(
    "INSERT INTO organizations AS o (id, name, country, locale, time_zone, region, vat_id, origin, created_at)"
    " SELECT id, name, country, locale, time_zone, region, vat_id, origin, :now"
    " FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:countries AS text[]), CAST(:locales AS text[]),"
    " CAST(:time_zones AS text[]), CAST(:regions AS text[]), CAST(:vat_ids AS text[]), CAST(:origins AS text[]))"
    " AS w(id, name, country, locale, time_zone, region, vat_id, origin)"
    ' ORDER BY id COLLATE "C"'
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, country = excluded.country, locale = excluded.locale,"
    " time_zone = excluded.time_zone, region = excluded.region, vat_id = excluded.vat_id, origin = excluded.origin,"
    " status = 'active', revision = o.revision + 1"
    " WHERE o.status = 'withdrawn'"
    " RETURNING id, name, country, locale, time_zone, region, vat_id, origin, status, revision, created_at,"
    " xmax = 0 AS is_new"
)


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """A company under the id that it shall have everywhere."""

    id: str
    name: str
    country: str
    locale: str
    time_zone: str
    region: str | None = None
    vat_id: str | None = None
    origin: str = "new"


async def create(tx: Transaction, organization: NewOrganization) -> None:
    """Have the organization, and tell of it. See `create_all`."""
    (news,) = await create_all(tx, [organization])
    if news is not None:
        tx.emit(news)


async def create_all(tx: Transaction, wanted: Sequence[NewOrganization]) -> list[OrganizationEvent | None]:
    """Have each organization, in one statement; what to tell of each, None when it was here, which changes nothing.

    One that a roll-back withdrew comes back with what is said about it now; of several with one id the first counts.
    Emits nothing: the caller does, on behalf of whoever brought each about.
    """
    first: dict[str, NewOrganization] = {}
    for organization in wanted:
        first.setdefault(organization.id, organization)
    if not first:
        return []
    made = list(first.values())
    params = {
        "now": tx.now,
        "ids": list(first),
        "names": [each.name for each in made],
        "countries": [each.country for each in made],
        "locales": [each.locale for each in made],
        "time_zones": [each.time_zone for each in made],
        "regions": [each.region for each in made],
        "vat_ids": [each.vat_id for each in made],
        "origins": [each.origin for each in made],
    }
    news: dict[str, OrganizationEvent] = {}
    for row in await tx.all(MAKE, params):
        news[row.id] = told(OrganizationCreated if row.is_new else OrganizationChanged, Organization.of(row))
    return [news.pop(organization.id, None) for organization in wanted]


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
