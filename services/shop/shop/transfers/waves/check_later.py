"""Dry runs of large waves: asked for, carried through in the background, seen meanwhile."""

from typing import Any

from sqlalchemy import Row, select, update

from chassis.db.transaction import Database, Transaction
from chassis.ops.logging import get_logger
from shop.transfers.evaluate import read_world
from shop.transfers.models import waves
from shop.transfers.policy import Policy
from shop.transfers.waves import store
from shop.transfers.waves.check import check
from shop.transfers.waves.remember import remember

log = get_logger(__name__)

REPORTED_EVERY = 1_000


async def ask(tx: Transaction, wave_id: str, *, customers: int) -> dict[str, Any]:
    """Have the wave checked; while a check is under way, asking again changes nothing. How far it is."""
    wave = await store.lock(tx, wave_id)
    if wave.check_asked_at is not None:
        return dict(wave.check_progress)
    progress = {
        "state": "running",
        "asked_at": tx.now,
        "customers": customers,
        "customers_done": 0,
        "error": None,
    }
    await tx.execute(update(waves).where(waves.c.id == wave_id).values(check_asked_at=tx.now, check_progress=progress))
    return progress


async def work_through(database: Database, policy: Policy) -> None:
    """Carry through every check that was asked for; after a crash it begins again."""
    while (wave := await _next(database)) is not None:
        try:
            await _carry_through(database, wave, policy)
        except Exception as error:
            log.error("transfer_wave.check_failed", wave_id=wave.id, reason=repr(error)[:500])
            await _report(database, wave, state="failed", error="Something unexpected happened.", is_over=True)


async def _next(database: Database) -> Row[Any] | None:
    asked = select(waves).where(waves.c.check_asked_at.is_not(None)).order_by(waves.c.check_asked_at, waves.c.id)
    async with database.read() as reader:
        return await reader.first(asked.limit(1))


async def _carry_through(database: Database, wave: Row[Any], policy: Policy) -> None:
    async def progress(done: int) -> None:
        if done % REPORTED_EVERY == 0:
            await _report(database, wave, customers_done=done)

    async with database.read() as reader:
        world = await read_world(reader, policy.providers)
        checked = await check(reader, wave, world, shown=0, progress=progress)
    async with database.transaction(actor="system:transfer-waves.check") as tx:
        await remember(tx, wave, checked)


async def _report(database: Database, wave: Row[Any], *, is_over: bool = False, **news: Any) -> None:
    values: dict[str, Any] = {"check_progress": {**wave.check_progress, **news}}
    if is_over:
        values["check_asked_at"] = None
    async with database.transaction(actor="system:transfer-waves.check") as tx:
        await tx.execute(update(waves).where(waves.c.id == wave.id).values(**values))
