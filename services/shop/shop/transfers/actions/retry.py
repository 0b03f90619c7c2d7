"""Trying a failed or held transfer again, alone."""

from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Transaction
from chassis.kernel.clock import today
from shop.transfers import store
from shop.transfers.campaign.work import advance
from shop.transfers.errors import TransferNotReady
from shop.transfers.models import directory, waves
from shop.transfers.policy import Policy
from shop.transfers.states import WAVE_CAN_ACT
from shop.transfers.timeline import note


async def retry(tx: Transaction, transfer_id: str, policy: Policy) -> None:
    """Go on with a transfer that failed or was held back, by the rules and the facts of now.

    Before its day it waits for the day; afterwards it runs at once, with today as its day, so that nothing
    moves on facts that are older. Raises TransferNotReady for one that neither failed nor is held, and while the wave
    is paused.
    """
    row = await store.lock(tx, transfer_id)
    if row.state not in ("failed", "held"):
        raise TransferNotReady(f"The transfer is {row.state}; only a failed or held one is retried.")
    await _refuse_standing_wave(tx, row.wave_id)
    back_to = row.held_from if row.state == "held" and row.held_from else _where_it_was(row)
    transfer_on = max(row.transfer_on, today(tx.clock, "UTC"))
    await store.change(
        tx,
        row.id,
        state=back_to,
        transfer_on=transfer_on,
        next_at=tx.now,
        held_from=None,
        mail_failed=False,
        failure_code=None,
        failure_detail=None,
    )
    await note(tx, row.id, "retried", state=row.state)
    await _take_todays_address(tx, row.id, row.legacy_customer_id)
    for _ in range(3):
        current = await store.lock(tx, transfer_id)
        if current.next_at is None or current.next_at > tx.now or current.transferred_at is not None:
            return
        await advance(tx, [current], policy)


async def _refuse_standing_wave(tx: Transaction, wave_id: str) -> None:
    state = await tx.scalar(select(waves.c.state).where(waves.c.id == wave_id))
    if state not in WAVE_CAN_ACT:
        raise TransferNotReady(f"The wave is {state}: nobody moves.")


def _where_it_was(row: Row[Any]) -> str:
    if row.announced_for is None:
        return "planned"
    return "reminded" if row.reminded_at is not None else "announced"


async def _take_todays_address(tx: Transaction, transfer_id: str, legacy_id: str) -> None:
    known = await tx.first(select(directory).where(directory.c.legacy_id == legacy_id))
    if known is not None:
        await store.change(tx, transfer_id, company=known.company, email=known.email_key)
