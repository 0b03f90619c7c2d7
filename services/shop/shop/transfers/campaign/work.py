"""The work that fell due, batch by batch: the transfer's row is the plan, so nothing happens twice or is lost.

A jump of the clock over several steps does each step once and in order: every step sets when to look next.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Row, and_, select, update

from chassis.db.transaction import Database, Transaction
from shop.transfers import store
from shop.transfers.campaign.announce import announce
from shop.transfers.campaign.follow_up import follow_up
from shop.transfers.campaign.late import catch_up
from shop.transfers.campaign.remind import remind
from shop.transfers.cut.execute import execute
from shop.transfers.cut.hold import hold_all, let_go_on
from shop.transfers.evaluate import Evaluated, evaluate_transfers, read_world
from shop.transfers.going import keep_all_going
from shop.transfers.models import transfers, waves
from shop.transfers.policy import Policy
from shop.transfers.rules.calendar import Calendar
from shop.transfers.states import BEFORE
from shop.transfers.waiting import waits_for_renewal

BATCH = 100
ANNOUNCED_NEXT = ("planned",)


async def work_through(database: Database, policy: Policy) -> None:
    """Do everything that is due for every transfer of an active wave, then close the waves that are through."""
    while await _one_batch(database, policy):
        pass
    async with database.transaction(actor="system:transfers") as tx:
        await _complete_waves(tx)


async def advance(tx: Transaction, rows: list[Row[Any]], policy: Policy) -> None:
    """Do the next step of each of these transfers; they are locked by the caller."""
    deciding = [row for row in rows if row.state in BEFORE]
    world = await read_world(tx, policy.providers)
    if deciding:
        await store.lock_directory(tx, [row.legacy_customer_id for row in deciding])
    found = await evaluate_transfers(tx, deciding, world)
    await store.remember_decisions(
        tx, [(row.id, found[row.legacy_customer_id].decision) for row in deciding if row.legacy_customer_id in found]
    )
    rows = await catch_up(tx, rows, found, world)
    steps: dict[str, list[tuple[Row[Any], Evaluated | None]]] = defaultdict(list)
    for row in rows:
        evaluated = found.get(row.legacy_customer_id)
        steps[_step(row, evaluated, tx)].append((row, evaluated))
    await hold_all(tx, steps["hold"])
    await let_go_on(tx, steps["let_go_on"])
    await announce(tx, steps["announce"], world.catalog)
    await remind(tx, steps["remind"], world.catalog)
    await execute(tx, steps["execute"], world.catalog, policy)
    await follow_up(tx, [row for row, _ in steps["follow_up"]])


def _step(row: Row[Any], evaluated: Evaluated | None, tx: Transaction) -> str:
    if row.state not in BEFORE:
        return "follow_up"
    if evaluated is None:
        return "execute"
    if evaluated.decision.is_in_window:
        return "hold"
    if row.state == "held":
        return "let_go_on"
    calendar = Calendar(row.transfer_on, evaluated.decision.time_zone)
    if row.state == "planned" and evaluated.decision.outcome == "moves":
        return "announce"
    if tx.now >= calendar.execute_at:
        return "execute"
    return "announce" if row.state == "planned" else "remind"


async def _one_batch(database: Database, policy: Policy) -> int:
    async with database.transaction(actor="system:transfers") as tx:
        going = await keep_all_going(tx)
        rows = await store.lock_due(tx, going, BATCH) if going else []
        if rows:
            await advance(tx, rows, policy)
    return len(rows)


async def _complete_waves(tx: Transaction) -> None:
    """Who waits for a renewal after the day of the wave does not keep it open: the follow-up list names them."""
    unfinished = (
        select(transfers.c.id)
        .where(
            transfers.c.wave_id == waves.c.id,
            transfers.c.state.in_((*BEFORE, "transferring")),
            ~and_(waits_for_renewal(), transfers.c.transfer_on < tx.now.date()),
        )
        .exists()
    )
    begun = select(transfers.c.id).where(transfers.c.wave_id == waves.c.id).exists()
    await tx.execute(
        update(waves)
        .where(waves.c.state.in_(("scheduled", "running")), begun, ~unfinished)
        .values(state="completed", finished_at=tx.now, version=waves.c.version + 1)
    )
