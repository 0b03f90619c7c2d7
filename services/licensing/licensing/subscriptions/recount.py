"""Move the instants of an organization's licenses when its days follow another clock."""

from sqlalchemy import text

from chassis.db.transaction import Transaction
from licensing.changes.mark import mark_holders
from licensing.licenses import queries as licenses
from licensing.licenses.change import change
from licensing.licenses.settle import settle
from licensing.organizations.snapshots import Organization

RECOUNT = text(
    "UPDATE assignments SET starts_at = CAST(first_day AS timestamp) AT TIME ZONE :time_zone, "
    "ends_at = CAST(until_day + 1 AS timestamp) AT TIME ZONE :time_zone "
    "WHERE organization_id = :organization_id AND closed_at IS NULL"
)


async def recount_days(tx: Transaction, organization: Organization) -> None:
    """Count the days of every license and open assignment anew, in the organization's present time zone."""
    for license in await licenses.of_organization(tx, organization.id):
        recounted = await change(tx, license, organization=organization, agreement=license.agreement)
        await settle(tx, recounted, organization=organization)
        await mark_holders(tx, license_id=license.id)
    await tx.execute(RECOUNT, {"time_zone": organization.time_zone, "organization_id": organization.id})
