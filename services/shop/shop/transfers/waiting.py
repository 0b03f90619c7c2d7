"""Who is still to move: customers of the legacy shop, and transfers that wait for something to be mended."""

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from chassis.db.transaction import Transaction
from shop.transfers.models import directory, transfers, waves
from shop.transfers.rules.codes import IN_WINDOW
from shop.transfers.states import MOVING_ON

ACTIVE_WAVES = ("scheduled", "running")


async def look_again(tx: Transaction) -> None:
    """Have the planned transfers of active waves looked at now; none is announced before its time by this.

    Customers held for a renewal close to a day still to come are among them: a newer export may tell otherwise.
    Those that somebody is working on are left to them: nothing is waited for, so nothing can deadlock.
    """
    active = select(waves.c.id).where(waves.c.state.in_(ACTIVE_WAVES))
    idle = (
        select(transfers.c.id)
        .where(
            transfers.c.wave_id.in_(active),
            or_(
                and_(transfers.c.state.in_(("planned", "postponed")), transfers.c.next_at > tx.now),
                and_(waits_for_renewal(), transfers.c.transfer_on > tx.now.date()),
            ),
        )
        .with_for_update(key_share=True, skip_locked=True)
    )
    await tx.execute(update(transfers).where(transfers.c.id.in_(idle)).values(next_at=tx.now))


async def look_again_at(tx: Transaction, wave_id: str) -> None:
    """Have everybody of a wave looked at now who has still to move: its date or its safety window is another."""
    is_due_some_day = and_(transfers.c.state.in_(MOVING_ON), transfers.c.next_at.is_not(None))
    is_held = and_(waits_for_renewal(), transfers.c.transfer_on > tx.now.date())
    await tx.execute(
        update(transfers).where(transfers.c.wave_id == wave_id, or_(is_due_some_day, is_held)).values(next_at=tx.now)
    )


def waits_for_renewal() -> ColumnElement[bool]:
    """Whether a transfer is held because a renewal falls within the safety window of its wave."""
    return and_(transfers.c.state == "held", transfers.c.failure_code == IN_WINDOW)


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
