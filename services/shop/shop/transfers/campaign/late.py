"""Customers whose day went by while their wave was paused: they move today, by what is true today."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.transfers import store
from shop.transfers.cut.fail import Failure, fail_all
from shop.transfers.evaluate import Evaluated, Plan, World, evaluate
from shop.transfers.rules.calendar import Calendar
from shop.transfers.rules.codes import RENEWED, STAYS
from shop.transfers.states import MOVING_ON
from shop.transfers.timeline import note_all


async def catch_up(
    tx: Transaction, rows: Sequence[Row[Any]], found: Mapping[str, Evaluated], world: World
) -> list[Row[Any]]:
    """Give those today as their day, to be looked at once more; the others are answered.

    The old shop went on billing meanwhile: whose subscription it has renewed since fails instead, for what the export
    tells of it is not true any more, and both shops would charge the same term.
    """
    late = {row.id: row for row in rows if row.legacy_customer_id in found and _is_late(row, found)}
    if not late:
        return list(rows)
    plans = {row.legacy_customer_id: Plan(_today(row, found)) for row in late.values()}
    today = await evaluate(tx, plans, world)
    stale = [row for row in late.values() if _has_renewed(found, today, row.legacy_customer_id)]
    detail = STAYS[RENEWED]
    await fail_all(tx, [Failure(row, found[row.legacy_customer_id], RENEWED, detail) for row in stale])
    stale_ids = {row.id for row in stale}
    moving = [row for row in late.values() if row.id not in stale_ids]
    for day in sorted({_today(row, found) for row in moving}):
        due = {row.id: tx.now for row in moving if _today(row, found) == day}
        await store.change_many(tx, due, transfer_on=day)
    await note_all(
        tx,
        [(row.id, "put_off", {"transfer_on": _today(row, found), "previous": row.transfer_on}) for row in moving],
    )
    return [row for row in rows if row.id not in late]


def _is_late(row: Row[Any], found: Mapping[str, Evaluated]) -> bool:
    """A step is due on its day at the latest, whatever the clock does; only resuming a wave makes it due later."""
    return row.state in MOVING_ON and _today(row, found) > row.transfer_on


def _today(row: Row[Any], found: Mapping[str, Evaluated]) -> Any:
    time_zone = found[row.legacy_customer_id].decision.time_zone
    return Calendar(row.transfer_on, time_zone).today(row.next_at)


def _has_renewed(found: Mapping[str, Evaluated], today: Mapping[str, Evaluated], legacy_id: str) -> bool:
    would_move = {decided.row.legacy_id for decided in found[legacy_id].decision.moving}
    return any(
        decided.outcome == RENEWED and decided.row.legacy_id in would_move
        for decided in today[legacy_id].decision.subscriptions
    )
