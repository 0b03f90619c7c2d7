"""The reminder, one day before the transfer and never on or after the day itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.transfers import store
from shop.transfers.evaluate import Evaluated
from shop.transfers.events import TransferProduct, TransferReminderDue
from shop.transfers.parties import common, product_name
from shop.transfers.rules.calendar import Calendar
from shop.transfers.rules.codes import MOVES
from shop.transfers.timeline import note_all


async def remind(tx: Transaction, due: list[tuple[Row[Any], Evaluated | None]], catalog: CatalogSnapshot) -> None:
    """Remind each customer whose transfer is tomorrow; who cannot move any more is not told that they do."""
    reminded: dict[str, datetime | None] = {}
    waiting: dict[str, datetime | None] = {}
    happened: list[tuple[str, str, dict[str, Any]]] = []
    for row, evaluated in due:
        assert evaluated is not None
        calendar = Calendar(row.transfer_on, evaluated.decision.time_zone)
        if row.state == "reminded" or evaluated.decision.outcome != MOVES:
            waiting[row.id] = calendar.execute_at
        elif tx.now < calendar.remind_at:
            waiting[row.id] = calendar.remind_at
        else:
            _tell(tx, row, evaluated, catalog)
            reminded[row.id] = calendar.execute_at
            happened.append((row.id, "reminded", {"transfer_on": row.transfer_on}))
    await store.change_many(tx, waiting)
    await store.change_many(tx, reminded, state="reminded", reminded_at=tx.now)
    await note_all(tx, happened)


def _tell(tx: Transaction, row: Row[Any], evaluated: Evaluated, catalog: CatalogSnapshot) -> None:
    tx.emit(
        TransferReminderDue(
            **common(row, evaluated.decision),
            products=[
                TransferProduct(
                    product_code=decided.row.product_code,
                    product_name=product_name(catalog, decided.row.product_code),
                    quantity=int(decided.row.quantity),
                    number=decided.row.number,
                )
                for decided in evaluated.decision.moving
            ],
        )
    )
