"""Tell the latest word about a transfer from one that arrives late."""

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from identity.transfers.models import transfers


async def is_latest(tx: Transaction, *, transfer_id: str, organization_id: str, sequence: int, state: str) -> bool:
    """Note what is said about the transfer; False when a later word was heard already, or this very one."""
    statement = insert(transfers).values(
        id=transfer_id, sequence=sequence, organization_id=organization_id, state=state
    )
    row = await tx.first(
        statement.on_conflict_do_update(
            index_elements=[transfers.c.id],
            set_={"sequence": statement.excluded.sequence, "state": statement.excluded.state},
            where=transfers.c.sequence < statement.excluded.sequence,
        ).returning(transfers.c.id)
    )
    return row is not None
