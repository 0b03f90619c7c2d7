"""Note that somebody's access to a product may have changed.

The announcement itself is made after the commit, by one announcer at a time, from what is then true: two organizations
may change the access of one address in the same moment, and the newest announcement must tell of both.
"""

from collections.abc import Iterable
from weakref import WeakSet

from sqlalchemy import text

from chassis.db.transaction import Transaction
from chassis.ops import context

ANNOUNCE = "entitlements.announce"

_scheduled: WeakSet[Transaction] = WeakSet()

MARK = text(
    "INSERT INTO entitlement_changes (email, product_code) "
    "SELECT email, CAST(:product_code AS text) FROM unnest(CAST(:emails AS text[])) AS changed(email)"
)
MARK_HOLDERS = text(
    "INSERT INTO entitlement_changes (email, product_code) "
    "SELECT DISTINCT email, product_code FROM assignments WHERE license_id = :license_id AND closed_at IS NULL "
    "UNION SELECT buyer_email, product_code FROM licenses WHERE id = :license_id AND origin = 'one_off' "
    "AND buyer_email IS NOT NULL"
)


async def mark(tx: Transaction, *, product_code: str, emails: Iterable[str]) -> None:
    """Have the entitlements of these addresses to the product announced."""
    await tx.execute(MARK, {"product_code": product_code, "emails": sorted(set(emails))})
    _announce_soon(tx)


async def mark_holders(tx: Transaction, *, license_id: str) -> None:
    """Have the entitlements of everybody who holds a seat of the license announced."""
    await tx.execute(MARK_HOLDERS, {"license_id": license_id})
    _announce_soon(tx)


def _announce_soon(tx: Transaction) -> None:
    """Once per transaction: a batch of events needs one announcement; should its savepoint fail, the sweep makes it."""
    if tx not in _scheduled:
        _scheduled.add(tx)
        tx.schedule(ANNOUNCE, key=context.current().request_id, due_at=tx.now)
