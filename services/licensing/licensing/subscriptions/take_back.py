"""Take back what a transfer granted: the customer goes on with the legacy shop."""

from chassis.db.transaction import Transaction
from licensing.assignments.close import end_all
from licensing.changes.mark import mark_holders
from licensing.history.record import Deed, record
from licensing.licenses import queries as licenses
from licensing.licenses.change import change
from licensing.licenses.lock import lock_license
from licensing.licenses.settle import settle
from licensing.organizations.queries import organization_of


async def take_back(tx: Transaction, *, transfer_id: str) -> None:
    """End every license that the transfer granted, one-off ones too. Calling twice is harmless.

    A later attempt at the transfer grants them anew.
    """
    for known in await licenses.of_transfer(tx, transfer_id):
        license = await lock_license(tx, known.id, organization_id=None)
        if license.ended_at is not None:
            continue
        organization = await organization_of(tx, license.organization_id)
        await end_all(tx, license, organization=organization, reason="rolled_back")
        await mark_holders(tx, license_id=license.id)
        agreement = license.agreement.ending_at(tx.now)
        ended = await change(
            tx, license, organization=organization, agreement=agreement, ended_reason="transfer_rolled_back"
        )
        await settle(tx, ended, organization=organization)
        await record(tx, [Deed(license.organization_id, license.id, "license.taken_back")])
