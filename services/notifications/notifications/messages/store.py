"""The queue's statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, case, false, insert, null, select, text, update

from chassis.db.transaction import Reader, Transaction
from notifications.delivery.rules import Handover
from notifications.messages.models import attempts, messages
from notifications.templates.render import Rendered

FINISH = text(
    """
    UPDATE messages AS m
    SET status = f.status, reason = f.reason, next_attempt_at = f.next_attempt_at, sent_at = f.sent_at,
        subject = coalesce(f.subject, m.subject), html = coalesce(f.html, m.html), text = coalesce(f.text, m.text),
        lease_token = NULL, lease_until = NULL, is_handed_over = false
    FROM unnest(CAST(:ids AS text[]), CAST(:statuses AS text[]), CAST(:reasons AS text[]),
                CAST(:next AS timestamptz[]), CAST(:sent AS timestamptz[]),
                CAST(:subjects AS text[]), CAST(:htmls AS text[]), CAST(:texts AS text[]))
         AS f(id, status, reason, next_attempt_at, sent_at, subject, html, text)
    WHERE m.id = f.id AND m.lease_token = :token
    RETURNING m.id
    """
)


@dataclass(frozen=True)
class Ending:
    """How one attempt at a mail ended; `status` `queued` means it will be tried again at `next_attempt_at`."""

    row: Row[Any]
    status: str
    reason: str | None
    next_attempt_at: datetime
    handover: Handover | None = None
    rendered: Rendered | None = None
    is_hard_bounce: bool = False


async def claim(tx: Transaction, *, token: str, limit: int, lease: timedelta) -> list[Row[Any]]:
    """Take up to `limit` due mails for `lease` (real time: leases never follow the business clock)."""
    due = (
        select(messages.c.id)
        .where(messages.c.status == "queued", messages.c.next_attempt_at <= tx.now)
        .order_by(messages.c.priority, messages.c.next_attempt_at, messages.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(messages)
        .where(messages.c.id.in_(due))
        .values(
            status="sending",
            attempts=messages.c.attempts + 1,
            lease_token=token,
            lease_until=datetime.now(UTC) + lease,
            is_handed_over=False,
        )
        .returning(messages)
    )
    return sorted(await tx.all(taken), key=lambda row: (row.priority, row.id))


async def requeue_lost(tx: Transaction) -> int:
    """Take up the mails of a process that died; one of the holding kind that may have left becomes `unknown`."""
    may_have_left = and_(messages.c.on_uncertain == "hold", messages.c.is_handed_over)
    lost = await tx.execute(
        update(messages)
        .where(messages.c.status == "sending", messages.c.lease_until < datetime.now(UTC))
        .values(
            status=case((may_have_left, "unknown"), else_="queued"),
            reason="outcome_unknown",
            next_attempt_at=tx.now,
            lease_token=null(),
            lease_until=null(),
            is_handed_over=false(),
        )
    )
    return lost.rowcount


async def release(tx: Transaction, *, ids: Sequence[str], token: str) -> None:
    """Give back mails that were taken and not tried."""
    await tx.execute(
        update(messages)
        .where(messages.c.id.in_(ids), messages.c.lease_token == token)
        .values(status="queued", attempts=messages.c.attempts - 1, lease_token=null(), lease_until=null())
    )


async def mark_handed_over(tx: Transaction, *, message_id: str, token: str) -> None:
    """From here until the mail server's answer is recorded, a crash leaves the outcome unknown."""
    await tx.execute(
        update(messages).where(messages.c.id == message_id, messages.c.lease_token == token).values(is_handed_over=True)
    )


async def finish(tx: Transaction, endings: Sequence[Ending], *, token: str) -> list[Ending]:
    """Record how attempts ended; answers those whose lease was still ours."""
    params = {
        "token": token,
        "ids": [ending.row.id for ending in endings],
        "statuses": [ending.status for ending in endings],
        "reasons": [ending.reason for ending in endings],
        "next": [ending.next_attempt_at for ending in endings],
        "sent": [tx.now if ending.status == "sent" else None for ending in endings],
        "subjects": [ending.rendered.subject if ending.rendered else None for ending in endings],
        "htmls": [ending.rendered.html if ending.rendered else None for ending in endings],
        "texts": [ending.rendered.text if ending.rendered else None for ending in endings],
    }
    ours = {row.id for row in await tx.all(FINISH, params)}
    await tx.execute(insert(attempts), [_attempt(tx, ending) for ending in endings])
    return [ending for ending in endings if ending.row.id in ours]


async def attempts_of(reader: Reader, message_id: str) -> list[Row[Any]]:
    """The attempts at one mail, oldest first."""
    return await reader.all(select(attempts).where(attempts.c.message_id == message_id).order_by(attempts.c.id))


def _attempt(tx: Transaction, ending: Ending) -> dict[str, Any]:
    handover = ending.handover
    return {
        "message_id": ending.row.id,
        "number": ending.row.attempts,
        "at": tx.now,
        "outcome": ending.status if ending.reason is None else ending.reason,
        "smtp_code": handover.code if handover else None,
        "detail": handover.text if handover else None,
    }
