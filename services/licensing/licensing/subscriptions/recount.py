"""Know organizations, and move the instants of their licenses when their days follow another clock."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from chassis.bus.reactions import Heard
from chassis.db.transaction import Transaction
from licensing.changes.mark import mark_holders
from licensing.licenses import queries as licenses
from licensing.licenses.change import change
from licensing.licenses.settle import settle
from licensing.organizations.remember import Word, remember
from licensing.organizations.snapshots import Organization

RECOUNT = text(
    "UPDATE assignments SET starts_at = CAST(first_day AS timestamp) AT TIME ZONE :time_zone, "
    "ends_at = CAST(until_day + 1 AS timestamp) AT TIME ZONE :time_zone "
    "WHERE organization_id = :organization_id AND closed_at IS NULL"
)


async def note_organizations(tx: Transaction, heard: Sequence[Heard[Any]]) -> dict[str, Organization]:
    """Know the `organization` of each fact; as they are now known, by id. The newest word stands.

    Where an organization's days now follow another clock, they are counted anew.
    """
    known = await remember(tx, [Word(one.fact.organization, one.envelope.time) for one in heard])
    for organization_id, one in {one.fact.organization.id: one for one in heard}.items():
        if known[organization_id].has_moved:
            one.begin(tx)
            await recount_days(tx, known[organization_id].organization)
    return {organization_id: each.organization for organization_id, each in known.items()}


async def recount_days(tx: Transaction, organization: Organization) -> None:
    """Count the days of every license and open assignment anew, in the organization's present time zone."""
    for license in await licenses.of_organization(tx, organization.id):
        recounted = await change(tx, license, organization=organization, agreement=license.agreement)
        await settle(tx, recounted, organization=organization)
        await mark_holders(tx, license_id=license.id)
    await tx.execute(RECOUNT, {"time_zone": organization.time_zone, "organization_id": organization.id})
