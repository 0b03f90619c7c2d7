"""Note that somebody's access to a product may have changed.

The announcement itself is made after the commit, by one announcer at a time, from what is then true: two organizations
may change the access of one address in the same moment, and the newest announcement must tell of both.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import text

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id

ANNOUNCE = "entitlements.announce"

MARK = text(
    "INSERT INTO entitlement_changes (email, product_code) "
    "SELECT * FROM unnest(CAST(:emails AS text[]), CAST(:products AS text[]))"
)
MARK_HOLDERS = text(
    "INSERT INTO entitlement_changes (email, product_code) "
    "SELECT DISTINCT email, product_code FROM assignments WHERE license_id = :license_id AND closed_at IS NULL "
    "UNION SELECT buyer_email, product_code FROM licenses WHERE id = :license_id AND origin = 'one_off' "
    "AND buyer_email IS NOT NULL"
)


async def mark(tx: Transaction, *, product_code: str, emails: Iterable[str]) -> None:
    """Have the entitlements of these addresses to the product announced."""
    await mark_all(tx, {(email, product_code) for email in emails})


async def mark_all(tx: Transaction, changed: Collection[tuple[str, str]]) -> None:
    """Have the entitlements of these addresses to these products announced."""
    if not changed:
        return
    pairs = sorted(set(changed))
    await tx.execute(MARK, {"emails": [email for email, _ in pairs], "products": [product for _, product in pairs]})
    announce_soon(tx)


async def mark_holders(tx: Transaction, *, license_id: str) -> None:
    """Have the entitlements of everybody who holds a seat of the license announced."""
    await tx.execute(MARK_HOLDERS, {"license_id": license_id})
    announce_soon(tx)


def announce_soon(tx: Transaction) -> None:
    """Have what is marked announced right after the commit: once, however much a transaction marks."""
    if not tx.is_scheduled(ANNOUNCE):
        tx.schedule(ANNOUNCE, key=new_id("ann"), due_at=tx.now)
