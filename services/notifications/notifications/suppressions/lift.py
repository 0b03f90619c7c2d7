"""Let mails go to an address again."""

from chassis.db.transaction import Transaction
from notifications.suppressions.errors import SuppressionNotFound
from notifications.suppressions.models import suppressions


async def lift(tx: Transaction, *, suppression_id: str) -> None:
    """Remove the suppression. Raises SuppressionNotFound."""
    found = await tx.scalar(
        suppressions.delete().where(suppressions.c.id == suppression_id).returning(suppressions.c.id)
    )
    if found is None:
        raise SuppressionNotFound()
