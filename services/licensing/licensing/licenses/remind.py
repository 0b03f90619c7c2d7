"""Tell of seats that still wait for somebody some days after they were granted."""

from chassis.db.transaction import Transaction
from licensing.licenses import store
from licensing.licenses.announce import announce, count_held_by_license, free_seats
from licensing.licenses.events import SeatsWaiting
from licensing.licenses.rules import notices
from licensing.organizations.queries import organizations_of
from licensing.products.queries import names_of

BATCH = 200


async def remind_next(tx: Transaction) -> bool:
    """Look at a batch of licenses, once in the life of each; False when none was left."""
    due = await store.take_due_for_reminder(tx, limit=BATCH)
    held = await count_held_by_license(tx, [license.id for license in due])
    names = await names_of(tx, {license.product_code for license in due})
    organizations = await organizations_of(tx, {license.organization_id for license in due})
    for license in due:
        assigned, status = held.get(license.id, 0), license.status_at(tx.now)
        free = free_seats(license, assigned=assigned, status=status)
        if "seats_waiting" in notices(tx.now, license.standing, status=status, quantity=license.quantity, free=free):
            await announce(
                tx,
                license,
                SeatsWaiting,
                assigned=assigned,
                organization=organizations[license.organization_id],
                product_name=names[license.product_code],
            )
    return bool(due)
