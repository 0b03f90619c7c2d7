"""Who is still to move: customers of the legacy shop, and transfers that wait for something to be mended."""

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from chassis.db.transaction import Transaction
from shop.transfers.models import directory, transfers, waves

ACTIVE_WAVES = ("scheduled", "running")


async def look_again(tx: Transaction) -> None:
    """Have the planned transfers of active waves looked at now; none is announced before its time by this.

    Those that somebody is working on are left to them: nothing is waited for, so nothing can deadlock.
    """
    active = select(waves.c.id).where(waves.c.state.in_(ACTIVE_WAVES))
    idle = (
        select(transfers.c.id)
        .where(
            transfers.c.wave_id.in_(active),
            transfers.c.state.in_(("planned", "postponed")),
            transfers.c.next_at > tx.now,
        )
        .with_for_update(key_share=True, skip_locked=True)
    )
    await tx.execute(update(transfers).where(transfers.c.id.in_(idle)).values(next_at=tx.now))


def has_something_to_move() -> ColumnElement[bool]:
    """Whether a customer of the directory is still to move, on whatever day.

    Who has nothing to move on the day of the import's own check may have an active, renewing subscription all the
    same: it renews in the legacy shop before that day, and moves with a later wave.
    """
    return and_(
        directory.c.moved_at.is_(None),
        or_(
            func.coalesce(directory.c.outcome, "blocked") != "nothing_to_move",
            directory.c.renews_from.is_not(None),
        ),
    )
