"""The day itself: each customer is checked once more by the rules of today, then moves completely or not at all."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from chassis.db.transaction import Transaction
from chassis.ops.logging import get_logger
from shop.catalog.queries import CatalogSnapshot
from shop.transfers.cut import release
from shop.transfers.cut.carry import MovingCustomer
from shop.transfers.cut.fail import Failure, fail_all
from shop.transfers.cut.hold import hold_all
from shop.transfers.cut.move import move_all
from shop.transfers.evaluate import Evaluated
from shop.transfers.policy import Policy
from shop.transfers.rules.calendar import Calendar
from shop.transfers.rules.codes import FINDING_CODES, IN_WINDOW, MOVES, RENEWED, STAYS
from shop.transfers.rules.decisions import Decision
from shop.transfers.rules.moving import moving

log = get_logger(__name__)

Due = list[tuple[Row[Any], Evaluated | None]]


async def execute(tx: Transaction, due: Due, catalog: CatalogSnapshot, policy: Policy) -> None:
    """Move those that move; whoever cannot be moved is left exactly as before, with the reason."""
    ready, refused = _sorted_out(due)
    await fail_all(tx, refused)
    if policy.release_is_confirmed:
        await release.ask_all(tx, ready, is_acknowledged=False)
        await release.wait_for_all(tx, ready)
    else:
        await _move_isolated(tx, ready, catalog, ask=True)


async def complete(tx: Transaction, due: Due, catalog: CatalogSnapshot) -> None:
    """Move customers whose release was confirmed, unless the facts have changed since it was asked for.

    The old shop was free to bill until now: whose term is over by today, it may have renewed, and both shops would
    charge the same term. They stay there until a newer export tells.
    """
    ready, refused = _sorted_out(due)
    asked = await release.last_of(tx, [customer.transfer.id for customer in ready])
    unchanged: list[MovingCustomer] = []
    for customer in ready:
        released = asked.get(customer.transfer.id)
        moves = {subscription.legacy_id for subscription in customer.moves.subscriptions}
        if _may_have_renewed(tx, customer):
            refused.append(Failure(customer.transfer, customer.evaluated, RENEWED, STAYS[RENEWED]))
        elif released is not None and {item["legacy_id"] for item in released.subscriptions} == moves:
            unchanged.append(customer.under_fence(released.fence))
        else:
            detail = "What moves has changed since the old shop was asked to stop billing."
            refused.append(Failure(customer.transfer, customer.evaluated, "changed_at_source", detail))
    await release.restore_all(tx, [failure.transfer for failure in refused])
    await fail_all(tx, [failure for failure in refused if failure.code != IN_WINDOW])
    await hold_all(tx, [(failure.transfer, failure.evaluated) for failure in refused if failure.code == IN_WINDOW])
    await _move_isolated(tx, unchanged, catalog, ask=False)


def _may_have_renewed(tx: Transaction, customer: MovingCustomer) -> bool:
    decision = customer.evaluated.decision
    today = Calendar(customer.transfer.transfer_on, decision.time_zone).today(tx.now)
    return any(decided.term is not None and decided.term.last_day < today for decided in decision.moving)


async def _move_isolated(tx: Transaction, ready: list[MovingCustomer], catalog: CatalogSnapshot, *, ask: bool) -> None:
    """All at once in a savepoint; if that fails, one by one, so that a customer's trouble stays its own."""
    if not ready:
        return
    mark = tx.mark()
    try:
        async with tx.connection.begin_nested():
            if ask:
                await release.ask_all(tx, ready, is_acknowledged=True)
            await move_all(tx, ready, catalog)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        await _after_failure(tx, ready, catalog, error, mark, ask=ask)
    except Exception as error:
        await _after_failure(tx, ready, catalog, error, mark, ask=ask)


async def _after_failure(
    tx: Transaction,
    ready: list[MovingCustomer],
    catalog: CatalogSnapshot,
    error: Exception,
    mark: tuple[int, int, int],
    *,
    ask: bool,
) -> None:
    tx.return_to(mark)
    if len(ready) > 1:
        for customer in ready:
            await _move_isolated(tx, [customer], catalog, ask=ask)
        return
    customer = ready[0]
    log.error("transfer.failed_unexpectedly", transfer_id=customer.transfer.id, reason=repr(error)[:500])
    detail = "Something unexpected happened; nothing of the customer was moved."
    if not ask:
        await release.restore_all(tx, [customer.transfer])
    await fail_all(tx, [Failure(customer.transfer, customer.evaluated, "unexpected_error", detail)])


def _sorted_out(due: Due) -> tuple[list[MovingCustomer], list[Failure]]:
    ready: list[MovingCustomer] = []
    refused: list[Failure] = []
    for row, evaluated in due:
        if evaluated is None:
            detail = "No import names the customer any more."
            refused.append(Failure(row, None, "unknown_customer", detail))
        elif evaluated.decision.outcome == MOVES:
            ready.append(MovingCustomer(row, evaluated, moving(evaluated.decision), row.fence + 1))
        else:
            refused.append(Failure(row, evaluated, *_reason(evaluated.decision)))
    return ready, refused


def _reason(decision: Decision) -> tuple[str, str]:
    if decision.is_in_window:
        return IN_WINDOW, FINDING_CODES[IN_WINDOW].sentence
    if decision.codes:
        return decision.codes[0], " ".join(FINDING_CODES[code].sentence for code in decision.codes)
    return "nothing_to_move", STAYS["nothing_to_move"]
