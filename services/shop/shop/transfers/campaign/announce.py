"""The announcement: two weeks before, at once on short notice, and again whenever the date changes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.transfers import store
from shop.transfers.evaluate import Evaluated
from shop.transfers.events import TransferAnnounced
from shop.transfers.models import transfers
from shop.transfers.parties import common
from shop.transfers.rules.calendar import Calendar
from shop.transfers.rules.codes import MOVES
from shop.transfers.timeline import note_all

LOOK_AGAIN = timedelta(days=1)


async def announce(tx: Transaction, due: list[tuple[Row[Any], Evaluated | None]], catalog: CatalogSnapshot) -> None:
    """Announce each transfer whose time has come; a customer that would not move hears nothing yet.

    Who cannot move is looked at every day and after every import, until the day itself.
    """
    announced: dict[str, datetime | None] = {}
    waiting: dict[str, datetime | None] = {}
    happened: list[tuple[str, str, dict[str, Any]]] = []
    for row, evaluated in due:
        assert evaluated is not None
        calendar = Calendar(row.transfer_on, evaluated.decision.time_zone)
        if evaluated.decision.outcome != MOVES:
            waiting[row.id] = min(calendar.execute_at, tx.now + LOOK_AGAIN)
        elif row.announced_for is None and tx.now < calendar.announce_at:
            waiting[row.id] = calendar.announce_at
        else:
            _tell(tx, row, evaluated, calendar)
            announced[row.id] = calendar.execute_at if tx.now >= calendar.execute_at else calendar.remind_at
            happened.append((row.id, "announced", {"transfer_on": row.transfer_on, "revision": row.revision}))
    await store.change_many(tx, waiting)
    await store.change_many(
        tx, announced, state="announced", announced_at=tx.now, announced_for=transfers.c.transfer_on
    )
    await note_all(tx, happened)


def _tell(tx: Transaction, row: Row[Any], evaluated: Evaluated, calendar: Calendar) -> None:
    decision = evaluated.decision
    previous = row.announced_for if row.announced_for != row.transfer_on else None
    tx.emit(
        TransferAnnounced(
            **common(row, decision),
            short_notice=calendar.is_short_notice(tx.now),
            previous_transfer_on=previous,
            subscriptions_count=len(decision.moving),
            seats_count=decision.seats.seats,
        )
    )
