"""Take over changed facts of a license."""

from typing import Any

from chassis.db.transaction import Transaction
from licensing.licenses import store
from licensing.licenses.license import License
from licensing.licenses.rules import Agreement
from licensing.licenses.settle import facts_of
from licensing.organizations.snapshots import Organization


async def change(
    tx: Transaction, license: License, *, organization: Organization, agreement: Agreement, **values: Any
) -> License:
    """Store the agreement, what it amounts to in the organization's days, and other columns."""
    facts = facts_of(agreement, time_zone=organization.time_zone)
    return await store.change(tx, license.id, facts | values)


async def set_over_quantity(tx: Transaction, license: License, over_quantity: int) -> License:
    """Note how many seats too many are still held after the quantity became smaller."""
    if license.over_quantity == over_quantity:
        return license
    return await store.change(tx, license.id, {"over_quantity": over_quantity})


async def grow(tx: Transaction, license: License, *, wanted: int) -> None:
    """Take `wanted` more seats into use: retired ones first, then new ones with the next numbers."""
    revived = await store.revive_seats(tx, license_id=license.id, wanted=wanted)
    if revived < wanted:
        highest = await store.highest_slot(tx, license.id)
        await store.add_seats(tx, [(license.id, highest + 1, highest + wanted - revived)])
