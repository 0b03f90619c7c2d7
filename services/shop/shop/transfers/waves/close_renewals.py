"""Customers with a renewal close to the transfer: found before a wave takes them, freed from a wave that holds them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, Row, Text, any_, cast, select, update

from chassis.db.transaction import Transaction
from shop.transfers.evaluate import Plan, evaluate, in_batches, read_world
from shop.transfers.models import transfers
from shop.transfers.policy import Policy
from shop.transfers.timeline import note_all
from shop.transfers.waiting import waits_for_renewal


async def too_close(tx: Transaction, wave: Row[Any], rows: list[Row[Any]], policy: Policy) -> set[str]:
    """Who of these rows of the directory the wave would hold, by the rules of the transfer itself."""
    last_day = wave.transfer_on + timedelta(days=wave.safety_window_days)
    perhaps = [
        row.legacy_id
        for row in rows
        if row.renews_from is not None and row.renews_from <= last_day and row.renews_to >= wave.transfer_on
    ]
    plan = Plan(wave.transfer_on, wave.safety_window_days)
    world = await read_world(tx, policy.providers)
    waiting: set[str] = set()
    for batch in in_batches(perhaps):
        found = await evaluate(tx, dict.fromkeys(batch, plan), world)
        waiting |= {legacy_id for legacy_id, evaluated in found.items() if evaluated.decision.is_in_window}
    return waiting


async def leave_where_held(tx: Transaction, legacy_ids: list[str]) -> set[str]:
    """Have these customers leave the waves that hold them for a renewal; who did.

    Where the background work is at one of them this moment, that one stays.
    """
    held = (
        select(transfers.c.id)
        .where(transfers.c.legacy_customer_id == any_(cast(legacy_ids, ARRAY(Text))), waits_for_renewal())
        .with_for_update(key_share=True, skip_locked=True)
    )
    left = await tx.all(
        update(transfers)
        .where(transfers.c.id.in_(held))
        .values(state="cancelled", next_at=None, changed_at=tx.now)
        .returning(transfers.c.id, transfers.c.legacy_customer_id)
    )
    await note_all(tx, [(row.id, "cancelled", {"reason": "taken by another wave"}) for row in left])
    return {row.legacy_customer_id for row in left}
