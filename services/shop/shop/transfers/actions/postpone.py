"""Putting one customer's transfer off to another day."""

from datetime import date, timedelta

from chassis.db.transaction import Transaction
from chassis.kernel.errors import FieldError
from shop.transfers import store
from shop.transfers.errors import TransferNotReady, UnusableWave
from shop.transfers.evaluate import evaluate_transfers, read_world
from shop.transfers.events import TransferPostponed
from shop.transfers.parties import common
from shop.transfers.policy import Policy
from shop.transfers.states import BEFORE
from shop.transfers.timeline import note
from shop.transfers.waves.create import refuse_past

DEFAULT_DELAY = timedelta(days=14)


async def postpone(
    tx: Transaction, transfer_id: str, policy: Policy, *, transfer_on: date | None, reason: str | None
) -> None:
    """Give the transfer a later day of its own (default: two weeks later); who was told the old one is told.

    Raises TransferNotReady once it has begun, UnusableWave for a day that is over or not later than the planned one.
    """
    row = await store.lock(tx, transfer_id)
    if row.state not in (*BEFORE, "failed"):
        raise TransferNotReady(f"The transfer is {row.state} and cannot be postponed.")
    later = transfer_on or max(row.transfer_on, tx.now.date()) + DEFAULT_DELAY
    refuse_past(tx, later)
    if later <= row.transfer_on:
        detail = "The new day is not later than the planned one."
        raise UnusableWave(errors=[FieldError("/transfer_on", "not_later", detail)])
    was_told = row.announced_for is not None
    await store.change(
        tx,
        row.id,
        state="postponed" if was_told else "planned",
        transfer_on=later,
        revision=row.revision + 1,
        announced_for=later if was_told else None,
        next_at=tx.now,
        held_from=None,
        failure_code=None,
        failure_detail=None,
    )
    await note(tx, row.id, "postponed", transfer_on=later, previous=row.transfer_on, reason=reason)
    if was_told:
        await _tell(tx, transfer_id, policy, previous=row.transfer_on, reason=reason)


async def _tell(tx: Transaction, transfer_id: str, policy: Policy, *, previous: date, reason: str | None) -> None:
    row = await store.find(tx, transfer_id)
    world = await read_world(tx, policy.providers)
    found = await evaluate_transfers(tx, [row], world)
    if row.legacy_customer_id in found:
        decision = found[row.legacy_customer_id].decision
        tx.emit(TransferPostponed(**common(row, decision), previous_transfer_on=previous, reason=reason))
