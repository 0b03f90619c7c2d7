"""A transfer that did not come about: nothing of the customer changed, the reason is kept and told."""

from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.transfers import store
from shop.transfers.evaluate import Evaluated
from shop.transfers.events import TransferFailed
from shop.transfers.parties import common
from shop.transfers.timeline import note


async def fail(tx: Transaction, row: Row[Any], evaluated: Evaluated | None, *, code: str, detail: str) -> None:
    """Note the failure; an operator mends the cause and retries this customer alone."""
    await store.change(tx, row.id, state="failed", next_at=None, failure_code=code, failure_detail=detail)
    await note(tx, row.id, "failed", code=code, detail=detail)
    if evaluated is not None:
        tx.emit(TransferFailed(**common(row, evaluated.decision), code=code, detail=detail))
