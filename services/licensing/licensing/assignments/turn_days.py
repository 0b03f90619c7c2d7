"""Tell that days of assignments have begun or are over."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from chassis.db.transaction import Transaction
from licensing.assignments import store
from licensing.assignments.announce import announce
from licensing.assignments.assignment import Assignment
from licensing.assignments.close import end_over
from licensing.assignments.events import AssignmentStarted
from licensing.assignments.resize import resize
from licensing.changes.mark import mark
from licensing.licenses.lock import lock_pool
from licensing.organizations.queries import organization_of

BATCH = 500


async def start_next(tx: Transaction) -> bool:
    """Announce a batch of assignments whose first day has begun; False when none was left."""
    begun = await store.start(tx, limit=BATCH)
    for batch in _by_product(begun):
        await announce(tx, batch, AssignmentStarted, notify=False)
        await mark(tx, product_code=batch[0].product_code, emails=[a.email for a in batch])
    return bool(begun)


async def end_next(tx: Transaction) -> bool:
    """Close and announce one organization's assignments of a product whose last day is over; False when none was left.

    Their seats are free; seats that are too many are retired now.
    """
    pool = await store.pool_with_ended(tx)
    if pool is None:
        return False
    licenses = await lock_pool(tx, organization_id=pool.organization_id, product_code=pool.product_code)
    organization = await organization_of(tx, pool.organization_id)
    for license in licenses:
        await end_over(tx, license, organization=organization)
        if license.over_quantity:
            await resize(tx, license, organization=organization)
    return True


def _by_product(assignments: Iterable[Assignment]) -> Iterator[list[Assignment]]:
    def pool_of(assignment: Assignment) -> tuple[str, str]:
        return assignment.organization_id, assignment.product_code

    for _, batch in groupby(sorted(assignments, key=pool_of), key=pool_of):
        yield list(batch)
