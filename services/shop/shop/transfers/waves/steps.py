"""The verbs of a wave: schedule, start, pause, resume, cancel. Repeating one that is done is harmless."""

from typing import Any

from sqlalchemy import Row, and_, select, update

from chassis.db.transaction import Transaction
from chassis.kernel.errors import FieldError
from shop.transfers.cut import release
from shop.transfers.errors import UnusableWave, WaveNotReady
from shop.transfers.models import transfers
from shop.transfers.states import MOVING_ON, OPEN
from shop.transfers.timeline import note_all
from shop.transfers.waves import store
from shop.transfers.waves.create import refuse_past


async def schedule(tx: Transaction, wave_id: str) -> None:
    """Let the campaign begin: announcements two weeks before, or at once on short notice.

    Raises WaveNotReady in a wrong state, UnusableWave for a day that is over or a wave of nobody.
    """
    wave = await store.lock(tx, wave_id)
    if wave.state in ("scheduled", "running"):
        return
    if wave.state != "draft":
        raise WaveNotReady(f"A wave that is {wave.state} cannot be scheduled.")
    refuse_past(tx, wave.transfer_on)
    if not await store.size_of(tx, wave_id):
        detail = "Nobody is in the wave: choose its customers first."
        raise UnusableWave(errors=[FieldError("/customers", "nobody", detail)])
    await store.change(tx, wave_id, state="scheduled", scheduled_at=tx.now)
    await _wake(tx, wave)


async def start(tx: Transaction, wave_id: str) -> None:
    """Let the wave run: it is scheduled if it was not, and everybody is looked at now.

    No customer moves before its own day: the announced date is a promise.
    """
    wave = await store.lock(tx, wave_id)
    if wave.state == "running":
        return
    if wave.state == "draft":
        await schedule(tx, wave_id)
    elif wave.state != "scheduled":
        raise WaveNotReady(f"A wave that is {wave.state} cannot be started.")
    await store.change(tx, wave_id, state="running", started_at=tx.now)
    await _wake(tx, wave)


async def pause(tx: Transaction, wave_id: str) -> None:
    """Stop everything at once: nothing is sent and nobody moves until the wave is resumed."""
    wave = await store.lock(tx, wave_id)
    if wave.state == "paused":
        return
    if wave.state not in ("scheduled", "running"):
        raise WaveNotReady(f"A wave that is {wave.state} cannot be paused.")
    await store.change(tx, wave_id, state="paused")


async def resume(tx: Transaction, wave_id: str) -> None:
    """Go on: what fell due meanwhile is done now, a reminder only while its transfer is still to come.

    Who should have moved on a day that is over moves today, by what is true today (see `campaign/late.py`).
    """
    wave = await store.lock(tx, wave_id)
    if wave.state in ("scheduled", "running"):
        return
    if wave.state != "paused":
        raise WaveNotReady(f"A wave that is {wave.state} cannot be resumed.")
    await store.change(tx, wave_id, state="running" if wave.started_at else "scheduled")
    overdue = and_(transfers.c.wave_id == wave_id, transfers.c.state.in_(MOVING_ON), transfers.c.next_at <= tx.now)
    await tx.execute(update(transfers).where(overdue).values(next_at=tx.now))


async def cancel(tx: Transaction, wave_id: str) -> None:
    """Call the wave off: who has moved stays moved and is followed up, everybody else is free again and hears nothing.

    The old shop goes on billing those whom it was asked to release.
    """
    wave = await store.lock(tx, wave_id)
    if wave.state == "cancelled":
        return
    if wave.state == "completed":
        raise WaveNotReady("The wave is completed and cannot be cancelled.")
    await store.change(tx, wave_id, state="cancelled", finished_at=tx.now)
    of_wave = transfers.c.wave_id == wave_id
    released = await tx.all(select(transfers).where(of_wave, transfers.c.state == "transferring"))
    stopped = await tx.all(
        update(transfers)
        .where(of_wave, transfers.c.state.in_(OPEN))
        .values(state="cancelled", next_at=None, changed_at=tx.now)
        .returning(transfers.c.id)
    )
    await release.restore_all(tx, released)
    await note_all(tx, [(row.id, "cancelled", {}) for row in stopped])


async def delete(tx: Transaction, wave_id: str) -> None:
    """Remove a wave that never ran. Raises WaveNotReady for one that was scheduled."""
    wave = await store.lock(tx, wave_id)
    moved = await tx.first(
        select(transfers.c.id).where(transfers.c.wave_id == wave_id, transfers.c.announced_at.is_not(None))
    )
    if wave.state not in ("draft", "cancelled") or moved is not None:
        raise WaveNotReady("Only a wave that never sent anything can be removed; cancel it instead.")
    await tx.execute(store.waves.delete().where(store.waves.c.id == wave_id))


async def _wake(tx: Transaction, wave: Row[Any]) -> None:
    await tx.execute(
        update(transfers)
        .where(
            transfers.c.wave_id == wave.id,
            transfers.c.state.in_(("planned", "announced", "reminded", "postponed")),
        )
        .values(next_at=tx.now, changed_at=tx.now)
    )
