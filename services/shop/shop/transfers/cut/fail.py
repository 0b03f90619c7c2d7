"""Transfers that did not come about: nothing of the customer changed, the reason is kept and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from chassis.db.transaction import Transaction
from shop.transfers.evaluate import Evaluated
from shop.transfers.events import TransferFailed
from shop.transfers.parties import common
from shop.transfers.timeline import note_all

FAIL = text(
    "UPDATE transfers t SET state = 'failed', next_at = NULL, failure_code = w.code, failure_detail = w.detail,"
    " changed_at = :now FROM unnest(CAST(:ids AS text[]), CAST(:codes AS text[]), CAST(:details AS text[]))"
    " AS w(id, code, detail) WHERE t.id = w.id"
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A transfer and why it did not come about."""

    transfer: Row[Any]
    evaluated: Evaluated | None
    code: str
    detail: str


async def fail_all(tx: Transaction, failures: Sequence[Failure]) -> None:
    """Note the failures; an operator mends each cause and retries that customer alone.

    Other services hear of those whose buyer can be named; without a usable address there is nobody to tell of.
    """
    if not failures:
        return
    await tx.execute(
        FAIL,
        {
            "now": tx.now,
            "ids": [failure.transfer.id for failure in failures],
            "codes": [failure.code for failure in failures],
            "details": [failure.detail for failure in failures],
        },
    )
    await note_all(tx, [(f.transfer.id, "failed", {"code": f.code, "detail": f.detail}) for f in failures])
    for failure in failures:
        if failure.evaluated is not None and failure.evaluated.decision.email:
            named = common(failure.transfer, failure.evaluated.decision)
            tx.emit(TransferFailed(**named, code=failure.code, detail=failure.detail))
