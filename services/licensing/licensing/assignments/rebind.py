"""Let a person's seats follow when their verified address changes."""

from sqlalchemy import text

from chassis.db.transaction import Transaction
from licensing.changes.mark import mark

MOVE_SEATS = text(
    "UPDATE assignments a SET email = :email, version = version + 1 WHERE a.email = :previous AND a.closed_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM assignments b WHERE b.email = :email AND b.product_code = a.product_code "
    "AND b.organization_id = a.organization_id AND b.closed_at IS NULL "
    "AND daterange(b.first_day, b.until_day, '[]') && daterange(a.first_day, a.until_day, '[]')) "
    "RETURNING a.product_code"
)
MOVE_ONE_OFFS = text(
    "UPDATE licenses SET buyer_email = :email WHERE buyer_email = :previous RETURNING product_code, origin"
)


async def rebind(tx: Transaction, *, previous: str, email: str) -> None:
    """Move every open assignment, and the buyer's one-off licenses, from `previous` to `email`.

    Where the new address holds a seat of the same product on one of the days, the old one stays as it is. Calling twice
    is harmless: the second time nothing is left to move.
    """
    addresses = {"previous": previous, "email": email}
    products = {row.product_code for row in await tx.all(MOVE_SEATS, addresses)}
    products |= {row.product_code for row in await tx.all(MOVE_ONE_OFFS, addresses)}
    for product_code in sorted(products):
        await mark(tx, product_code=product_code, emails=[previous, email])
