"""Trying a failed or held transfer again, alone."""

from datetime import date
from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Transaction
from shop.transfers import store
from shop.transfers.campaign.work import advance
from shop.transfers.errors import TransferNotReady
from shop.transfers.evaluate import Plan, World, evaluate, evaluate_transfers, read_world
from shop.transfers.going import keep_going
from shop.transfers.models import waves
from shop.transfers.parties import company_of
from shop.transfers.policy import Policy
from shop.transfers.rules.calendar import Calendar
from shop.transfers.rules.codes import IN_WINDOW, RENEWED
from shop.transfers.states import WAVE_CAN_ACT
from shop.transfers.timeline import note

CLEARED = {"held_from": None, "mail_failed": False, "failure_code": None, "failure_detail": None}


async def retry(tx: Transaction, transfer_id: str, policy: Policy) -> None:
    """Go on with a transfer that failed or was held back, by the rules and the facts of now.

    Before its day it waits for the day, and is announced again where the address changed since or the customer was
    told that the day is put off; on the day
    and afterwards it runs at once, with today as its day, so that nothing moves on facts that are older. Raises
    TransferNotReady for one that neither failed nor is held, while the wave is paused, and for one that waits for a
    renewal of which no export tells yet.
    """
    await keep_going(tx, (await store.find(tx, transfer_id)).wave_id)
    row = await store.lock(tx, transfer_id)
    if row.state not in ("failed", "held"):
        raise TransferNotReady(f"The transfer is {row.state}; only a failed or held one is retried.")
    await _refuse_standing_wave(tx, row.wave_id)
    await store.change(tx, row.id, next_at=tx.now, **CLEARED, **await _where_to_go_on(tx, row, policy))
    await note(tx, row.id, "retried", state=row.state)
    for _ in range(3):
        current = await store.lock(tx, transfer_id)
        if current.next_at is None or current.next_at > tx.now or current.transferred_at is not None:
            return
        await advance(tx, [current], policy)


async def _where_to_go_on(tx: Transaction, row: Row[Any], policy: Policy) -> dict[str, Any]:
    world = await read_world(tx, policy.providers)
    found = await evaluate_transfers(tx, [row], world)
    if row.legacy_customer_id not in found:
        return {"state": _where_it_was(row)}
    decision = found[row.legacy_customer_id].decision
    today = Calendar(row.transfer_on, decision.time_zone).today(tx.now)
    if row.failure_code in (IN_WINDOW, RENEWED):
        await _refuse_stale_facts(tx, row, max(row.transfer_on, today), world)
    values: dict[str, Any] = {
        "state": _where_it_was(row),
        "transfer_on": max(row.transfer_on, today),
        "company": company_of(decision),
        "email": decision.email,
    }
    is_told_otherwise = row.announced_for is not None and row.failure_code == IN_WINDOW
    has_new_address = row.mail_failed and decision.email != row.email
    if (has_new_address or is_told_otherwise) and row.transfer_on > today:
        values |= {"state": "planned", "revision": row.revision + 1}
    return values


async def _refuse_stale_facts(tx: Transaction, row: Row[Any], day: date, world: World) -> None:
    """Who waits for a renewal moves by an export that knows of it, not without the subscription that renewed."""
    found = await evaluate(tx, {row.legacy_customer_id: Plan(day)}, world)
    outcomes = {decided.outcome for decided in found[row.legacy_customer_id].decision.subscriptions}
    if RENEWED in outcomes:
        raise TransferNotReady("A subscription has renewed in the old shop since the last export: import a newer one.")


async def _refuse_standing_wave(tx: Transaction, wave_id: str) -> None:
    state = await tx.scalar(select(waves.c.state).where(waves.c.id == wave_id))
    if state not in WAVE_CAN_ACT:
        raise TransferNotReady(f"The wave is {state}: nobody moves.")


def _where_it_was(row: Row[Any]) -> str:
    if row.state == "held" and row.held_from:
        return str(row.held_from)
    if row.announced_for is None:
        return "planned"
    return "reminded" if row.reminded_at is not None else "announced"
