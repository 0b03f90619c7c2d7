"""Changing a wave: its name, its customers while it is a draft, its date at any time before the transfer."""

from datetime import date
from typing import Any

from sqlalchemy import Row, and_, case, update

from chassis.db.transaction import Transaction
from shop.transfers.errors import WaveNotReady
from shop.transfers.models import transfers
from shop.transfers.policy import Policy
from shop.transfers.states import WAVE_IS_OVER
from shop.transfers.waiting import look_again_at
from shop.transfers.waves import store
from shop.transfers.waves.create import refuse_past
from shop.transfers.waves.members import take
from shop.transfers.waves.schemas import ChangeTransferWave, WaveFilter

NOT_YET_DECIDED = ("planned", "announced", "reminded", "held")


async def change(tx: Transaction, wave: Row[Any], wanted: ChangeTransferWave, policy: Policy) -> None:
    """Change what was sent; the wave is locked by the caller. Raises WaveNotReady, UnusableWave."""
    if wave.state in WAVE_IS_OVER:
        raise WaveNotReady("The wave is over and cannot be changed.")
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = wanted.name
    if wanted.transfer_on is not None and wanted.transfer_on != wave.transfer_on:
        refuse_past(tx, wanted.transfer_on)
        values["transfer_on"] = wanted.transfer_on
        await _move_date(tx, wave, wanted.transfer_on)
    if wanted.safety_window_days is not None:
        values["safety_window_days"] = wanted.safety_window_days
    if values.keys() & {"transfer_on", "safety_window_days"}:
        await look_again_at(tx, wave.id)
    if wanted.customers is not None:
        values["filter"] = _chosen_by(wave, wanted.customers)
    await store.change(tx, wave.id, **values)
    if wanted.customers is not None:
        await take(tx, await store.find(tx, wave.id), wanted.customers, policy)


async def _move_date(tx: Transaction, wave: Row[Any], transfer_on: date) -> None:
    """Everybody still to move gets the new date; who was told the old one is told again at once.

    A customer that was postponed alone keeps its own day; one held back stays held. A date that moves away and back
    before anybody was told is no news: the customers are where they were.
    """
    is_held = transfers.c.state == "held"
    is_no_news = transfers.c.announced_for == transfer_on
    was_reminded = transfers.c.reminded_at >= transfers.c.announced_at
    await tx.execute(
        update(transfers)
        .where(
            transfers.c.wave_id == wave.id,
            transfers.c.state.in_(NOT_YET_DECIDED),
            transfers.c.transfer_on == wave.transfer_on,
        )
        .values(
            transfer_on=transfer_on,
            revision=transfers.c.revision + 1,
            state=case(
                (is_held, "held"),
                (and_(is_no_news, was_reminded), "reminded"),
                (is_no_news, "announced"),
                else_="planned",
            ),
            held_from=case((is_held, "planned"), else_=None),
            next_at=case((transfers.c.next_at.is_(None), None), else_=tx.now),
            changed_at=tx.now,
        )
    )


def _chosen_by(wave: Row[Any], customers: list[str] | WaveFilter) -> dict[str, Any] | None:
    if wave.state != "draft":
        raise WaveNotReady("The customers of a wave can be changed while it is a draft.")
    return customers.model_dump(mode="json") if isinstance(customers, WaveFilter) else None
