"""The end of a transfer: its first renewal was paid here, or none fell due within thirty days."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.customers.queries import CustomerView
from shop.transfers import store
from shop.transfers.events import TransferSettled
from shop.transfers.parties import of_moved
from shop.transfers.timeline import note


async def settle(tx: Transaction, row: Row[Any], customer: CustomerView, *, first_renewal_at: datetime | None) -> None:
    """Settle the transfer; who has not activated the account is reminded and listed all the same."""
    values: dict[str, Any] = {"settled_at": tx.now}
    if first_renewal_at is not None:
        values["first_renewal_at"] = first_renewal_at
    if row.state in ("transferred", "activated"):
        values["state"] = "settled"
    await store.change(tx, row.id, **values)
    await note(tx, row.id, "settled", by="renewal" if first_renewal_at else "time")
    tx.emit(TransferSettled(**of_moved(row, customer), first_renewal_at=first_renewal_at))
