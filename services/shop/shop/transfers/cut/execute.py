"""The day itself: each customer is checked once more by the rules of today, then moves completely or not at all."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from chassis.db.transaction import Transaction
from chassis.ops.logging import get_logger
from shop.catalog.queries import CatalogSnapshot
from shop.transfers import store
from shop.transfers.cut import release
from shop.transfers.cut.fail import fail
from shop.transfers.cut.move import move
from shop.transfers.evaluate import Evaluated
from shop.transfers.policy import Policy
from shop.transfers.rules.codes import FINDING_CODES, MOVES, STAYS
from shop.transfers.rules.decisions import Decision
from shop.transfers.rules.moving import moving
from shop.transfers.timeline import note

log = get_logger(__name__)


async def execute(
    tx: Transaction,
    due: list[tuple[Row[Any], Evaluated | None]],
    catalog: CatalogSnapshot,
    policy: Policy,
) -> None:
    """Move each customer inside a savepoint of its own; whoever cannot be moved is left exactly as before."""
    for row, evaluated in due:
        mark = tx.mark()
        try:
            async with tx.connection.begin_nested():
                await _execute_one(tx, row, evaluated, catalog, policy)
        except DBAPIError:
            raise
        except Exception as error:
            tx.return_to(mark)
            log.error("transfer.failed_unexpectedly", transfer_id=row.id, reason=repr(error)[:500])
            detail = "Something unexpected happened; nothing of the customer was moved."
            await fail(tx, row, evaluated, code="unexpected_error", detail=detail)


async def complete(tx: Transaction, row: Row[Any], evaluated: Evaluated | None, catalog: CatalogSnapshot) -> None:
    """Move a customer whose release was confirmed, unless the facts have changed since it was asked for."""
    released = await release.pending(tx, row.id)
    if released is None or evaluated is None or evaluated.decision.outcome != MOVES:
        await _refuse(tx, row, evaluated)
        return
    asked = {item["legacy_id"] for item in released.subscriptions}
    moves = moving(evaluated.decision)
    if asked != {subscription.legacy_id for subscription in moves.subscriptions}:
        await release.restore(tx, row)
        detail = "What moves has changed since the old shop was asked to stop billing."
        await fail(tx, row, evaluated, code="changed_at_source", detail=detail)
        return
    await move(tx, row, evaluated, moves, catalog, fence=released.fence)


async def _execute_one(
    tx: Transaction,
    row: Row[Any],
    evaluated: Evaluated | None,
    catalog: CatalogSnapshot,
    policy: Policy,
) -> None:
    if evaluated is None or evaluated.decision.outcome != MOVES:
        await _refuse(tx, row, evaluated)
        return
    moves = moving(evaluated.decision)
    fence = await release.ask(tx, row, moves, is_acknowledged=not policy.release_is_confirmed)
    if policy.release_is_confirmed:
        await store.change(tx, row.id, state="transferring", next_at=None, fence=fence)
        await note(tx, row.id, "release_asked", subscriptions=len(moves.subscriptions))
    else:
        await move(tx, row, evaluated, moves, catalog, fence=fence)


async def _refuse(tx: Transaction, row: Row[Any], evaluated: Evaluated | None) -> None:
    if evaluated is None:
        code, detail = "unknown_customer", "No import names the customer any more."
    else:
        code, detail = _reason(evaluated.decision)
    await fail(tx, row, evaluated, code=code, detail=detail)


def _reason(decision: Decision) -> tuple[str, str]:
    if decision.codes:
        return decision.codes[0], " ".join(FINDING_CODES[code].sentence for code in decision.codes)
    return "nothing_to_move", STAYS["nothing_to_move"]
