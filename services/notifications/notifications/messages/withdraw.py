"""Call off mails that have not left yet, because something newer says otherwise."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import true, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from notifications.messages.models import messages
from notifications.messages.queue import Order, order_columns


async def withdraw(
    tx: Transaction,
    *,
    correlation: str,
    templates: Collection[str],
    in_favour_of: Order | None = None,
    queued_before: datetime | None = None,
) -> int:
    """Stop the mails about `correlation` that still wait in the queue; how many there were.

    `in_favour_of`: the mail that is asked for instead; when it waits already, it goes on waiting.
    `queued_before`: leave those that were asked for later than that.
    """
    kept = in_favour_of.dedupe_key if in_favour_of else ""
    stopped = await tx.execute(
        update(messages)
        .where(
            messages.c.correlation == correlation,
            messages.c.template.in_(templates),
            messages.c.status == "queued",
            messages.c.dedupe_key != kept,
            true() if queued_before is None else messages.c.queued_at < queued_before,
        )
        .values(status="suppressed", reason="superseded")
    )
    return stopped.rowcount


async def forestall(tx: Transaction, order: Order) -> None:
    """Keep a mail from ever being sent, also when the event that asks for it arrives only later."""
    stopped = order_columns(order, tx.now) | {"status": "suppressed", "reason": "superseded"}
    await tx.execute(insert(messages).values(stopped).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    await tx.execute(
        update(messages)
        .where(messages.c.dedupe_key == order.dedupe_key, messages.c.status == "queued")
        .values(status="suppressed", reason="superseded")
    )
