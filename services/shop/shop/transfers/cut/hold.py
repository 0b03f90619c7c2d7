"""Holding back customers whose next renewal is too close to the transfer, and letting them go on again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case

from chassis.db.transaction import Transaction
from shop.transfers import store
from shop.transfers.evaluate import Evaluated
from shop.transfers.events import TransferFailed
from shop.transfers.models import transfers
from shop.transfers.parties import common
from shop.transfers.rules.codes import FINDING_CODES, IN_WINDOW
from shop.transfers.states import MOVING_ON
from shop.transfers.timeline import note_all

DETAIL = FINDING_CODES[IN_WINDOW].sentence


async def hold_all(tx: Transaction, due: Sequence[tuple[Row[Any], Evaluated | None]]) -> None:
    """Hold these until the renewal is over, the wave's window is another, or an operator decides.

    Who was told the date is told that it is put off; nobody else hears anything. Holding again is silent.
    """
    still = [row.id for row, _ in due if row.state == "held"]
    new = [(row, evaluated) for row, evaluated in due if row.state != "held"]
    await store.change_many(tx, dict.fromkeys(still))
    for held_from in sorted({_goes_on_from(row) for row, _ in new}):
        held = [row.id for row, _ in new if _goes_on_from(row) == held_from]
        await store.change_many(
            tx,
            dict.fromkeys(held),
            state="held",
            held_from=held_from,
            failure_code=IN_WINDOW,
            failure_detail=DETAIL,
        )
    await note_all(tx, [(row.id, "held", {"code": IN_WINDOW, "detail": DETAIL}) for row, _ in new])
    for row, evaluated in new:
        if row.announced_for is not None and evaluated is not None and evaluated.decision.email:
            tx.emit(TransferFailed(**common(row, evaluated.decision), code=IN_WINDOW, detail=DETAIL))


async def let_go_on(tx: Transaction, due: Sequence[tuple[Row[Any], Evaluated | None]]) -> None:
    """Put these where they were before any announcement: who was told that it is put off is told the date anew."""
    was_told = transfers.c.announced_for.is_not(None)
    await store.change_many(
        tx,
        {row.id: tx.now for row, _ in due},
        state="planned",
        held_from=None,
        failure_code=None,
        failure_detail=None,
        revision=transfers.c.revision + case((was_told, 1), else_=0),
    )
    await note_all(tx, [(row.id, "let_go_on", {}) for row, _ in due])


def _goes_on_from(row: Row[Any]) -> str:
    if row.state in MOVING_ON:
        return str(row.state)
    return "reminded" if row.reminded_at is not None else "announced"
