"""Call off mails that have not left yet, because something newer says otherwise.

One that is being handed over meanwhile is marked: when it does not leave now, it does not leave at all (`store.py`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, text, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from notifications.messages.models import messages
from notifications.messages.queue import Order, order_columns

WAITING = ("queued",)
UNSENT = ("queued", "sending")
STOP = text(
    """
    WITH waiting AS (
        SELECT m.id
        FROM unnest(CAST(:correlations AS text[]), CAST(:kept AS text[]), CAST(:before AS timestamptz[]))
             AS outdated(correlation, kept, before)
        JOIN messages AS m ON m.correlation = outdated.correlation
        WHERE m.template = ANY(CAST(:templates AS text[])) AND m.status = ANY(CAST(:statuses AS text[]))
          AND m.dedupe_key <> outdated.kept
          AND (outdated.before IS NULL OR m.queued_at < outdated.before)
        ORDER BY m.id
        FOR UPDATE OF m
    )
    UPDATE messages AS m
    SET status = CASE WHEN m.status = 'queued' THEN 'suppressed' ELSE m.status END, reason = 'superseded'
    FROM waiting WHERE m.id = waiting.id
    """
)


@dataclass(frozen=True)
class Outdated:
    """What is no longer true about `correlation`.

    `in_favour_of`: the mail that is asked for instead; when it waits already, it goes on waiting.
    `queued_before`: leave the mails that were asked for later than that.
    """

    correlation: str
    in_favour_of: Order | None = None
    queued_before: datetime | None = None


async def withdraw(
    tx: Transaction,
    *,
    correlation: str,
    templates: Collection[str],
    in_favour_of: Order | None = None,
    statuses: Collection[str] = UNSENT,
) -> int:
    """Stop the mails of `templates` about `correlation` that have not left; how many there were."""
    return await withdraw_many(tx, [Outdated(correlation, in_favour_of)], templates=templates, statuses=statuses)


async def withdraw_many(
    tx: Transaction, outdated: Sequence[Outdated], *, templates: Collection[str], statuses: Collection[str] = UNSENT
) -> int:
    """Stop the mails of `templates` about all of `outdated` that have not left; how many there were."""
    if not outdated:
        return 0
    params = {
        "correlations": [one.correlation for one in outdated],
        "kept": [one.in_favour_of.dedupe_key if one.in_favour_of else "" for one in outdated],
        "before": [one.queued_before for one in outdated],
        "templates": list(templates),
        "statuses": list(statuses),
    }
    return (await tx.execute(STOP, params)).rowcount


async def forestall(tx: Transaction, order: Order) -> None:
    """Keep a mail from ever being sent, also when the event that asks for it arrives only later."""
    stopped = order_columns(order, tx.now) | {"status": "suppressed", "reason": "superseded"}
    await tx.execute(insert(messages).values(stopped).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    await tx.execute(
        update(messages)
        .where(messages.c.dedupe_key == order.dedupe_key, messages.c.status.in_(UNSENT))
        .values(
            status=case((messages.c.status == "queued", "suppressed"), else_=messages.c.status), reason="superseded"
        )
    )
