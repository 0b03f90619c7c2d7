"""Events may arrive late and out of order; what they say may be outdated by then."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.facts import Envelope
from notifications.reactions.models import progress


async def is_outdated(tx: Transaction, envelope: Envelope, *, topic: str) -> bool:
    """Whether a newer event about the same subject and `topic` was seen before; if not, this is the newest now."""
    statement = insert(progress).values(subject=envelope.subject, topic=topic, sequence=envelope.sequence)
    statement = statement.on_conflict_do_update(
        index_elements=["subject", "topic"],
        set_={"sequence": statement.excluded.sequence},
        where=progress.c.sequence <= statement.excluded.sequence,
    )
    return await tx.scalar(statement.returning(progress.c.sequence)) is None


async def was_overtaken(tx: Transaction, envelope: Envelope, *, topic: str) -> bool:
    """Whether a newer event about `topic` was seen, without taking this one for the newest."""
    newest = await tx.scalar(
        select(progress.c.sequence).where(progress.c.subject == envelope.subject, progress.c.topic == topic)
    )
    return newest is not None and newest > envelope.sequence
