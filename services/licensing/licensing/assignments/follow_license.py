"""Let open-ended assignments reach as far as their license does."""

from chassis.db.transaction import Transaction
from licensing.assignments import store
from licensing.licenses.license import License
from licensing.licenses.rules import last_possible_day
from licensing.organizations.snapshots import Organization


async def follow_license(tx: Transaction, license: License, *, organization: Organization) -> None:
    """Set the last day that open-ended assignments take their seats.

    While the license renews they have none. Where the same address was given another seat of the product for later
    meanwhile, the open end stops the day before: nobody holds two seats of a product on one day.
    """
    await tx.execute(
        store.FOLLOW_LICENSE,
        {
            "license_id": license.id,
            "last_possible_day": last_possible_day(license.agreement),
            "time_zone": organization.time_zone,
        },
    )
