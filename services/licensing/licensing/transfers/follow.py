"""Follow a transfer's course."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from licensing.transfers.models import transfers


async def follow(
    tx: Transaction,
    *,
    transfer_id: str,
    organization_id: str,
    buyer_email: str,
    state: str,
    sequence: int,
    happened_at: datetime,
) -> bool:
    """Store the transfer's state; False when something newer is known already (events may come out of order)."""
    statement = insert(transfers).values(
        id=transfer_id,
        organization_id=organization_id,
        buyer_email=buyer_email,
        state=state,
        sequence=sequence,
        happened_at=happened_at,
    )
    changed = ("organization_id", "buyer_email", "state", "sequence", "happened_at")
    is_newer = await tx.scalar(
        statement.on_conflict_do_update(
            index_elements=[transfers.c.id],
            set_={name: statement.excluded[name] for name in changed},
            where=transfers.c.sequence < sequence,
        ).returning(transfers.c.id)
    )
    return is_newer is not None
