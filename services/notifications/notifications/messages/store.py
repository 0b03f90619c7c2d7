"""The queue's statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, case, false, func, null, select, text, update

from chassis.db.transaction import Reader, Transaction
from notifications.delivery.rules import Handover
from notifications.messages.models import attempts, messages
from notifications.templates.render import Rendered

FINISH = text(
    """
    WITH ended AS (
        SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:statuses AS text[]), CAST(:reasons AS text[]),
                             CAST(:next AS timestamptz[]), CAST(:sent AS timestamptz[]), CAST(:subjects AS text[]),
                             CAST(:htmls AS text[]), CAST(:texts AS text[]), CAST(:numbers AS integer[]),
                             CAST(:codes AS smallint[]), CAST(:details AS text[]))
        AS f(id, status, reason, next_attempt_at, sent_at, subject, html, text, number, code, detail)
    ), ours AS (
        SELECT id FROM messages WHERE id = ANY(CAST(:ids AS text[])) AND lease_token = :token ORDER BY id FOR UPDATE
    ), tried AS (
        INSERT INTO message_attempts (message_id, number, at, outcome, smtp_code, detail)
        SELECT id, number, :now, coalesce(reason, status), code, detail FROM ended
    )
    UPDATE messages AS m
    SET status = CASE WHEN f.status = 'queued' AND m.reason = 'superseded' THEN 'suppressed' ELSE f.status END,
        reason = CASE WHEN f.status = 'queued' AND m.reason = 'superseded' THEN m.reason ELSE f.reason END,
        next_attempt_at = f.next_attempt_at, sent_at = f.sent_at,
        subject = coalesce(f.subject, m.subject), html = coalesce(f.html, m.html), text = coalesce(f.text, m.text),
        lease_token = NULL, lease_until = NULL, is_handed_over = false
    FROM ended AS f JOIN ours USING (id) WHERE m.id = f.id
    RETURNING m.id
    """
)


WAS_WITHDRAWN = messages.c.reason == "superseded"
"""Of a mail in hand: it was called off meanwhile, and is not tried again."""


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
    """Take up to `limit` due mails for `lease` (the database's time: leases never follow the business clock)."""
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
            lease_until=func.now() + lease,
            is_handed_over=False,
        )
        .returning(messages)
    )
    return sorted(await tx.all(taken), key=lambda row: (row.priority, row.id))


async def renew(tx: Transaction, *, ids: Sequence[str], token: str, lease: timedelta) -> set[str]:
    """Keep mails for another `lease`; those that are still ours and not finished."""
    ours = select(messages.c.id).where(messages.c.id.in_(ids), messages.c.lease_token == token)
    locked = ours.order_by(messages.c.id).with_for_update().cte("ours")
    kept = update(messages).where(messages.c.id == locked.c.id).values(lease_until=func.now() + lease)
    return {row.id for row in await tx.all(kept.returning(messages.c.id))}


async def requeue_lost(tx: Transaction, *, lease: timedelta) -> int:
    """Take up the mails of a process that died; one of the holding kind that may have left becomes `unknown`.

    Not right after the database started: whoever could not renew meanwhile gets the time to do so.
    """
    may_have_left = and_(messages.c.on_uncertain == "hold", messages.c.is_handed_over)
    lost = await tx.execute(
        update(messages)
        .where(
            messages.c.status == "sending",
            messages.c.lease_until < func.now(),
            func.pg_postmaster_start_time() < func.now() - lease,
        )
        .values(
            status=case((may_have_left, "unknown"), (WAS_WITHDRAWN, "suppressed"), else_="queued"),
            reason=case((and_(~may_have_left, WAS_WITHDRAWN), messages.c.reason), else_="outcome_unknown"),
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
        .values(
            status=case((WAS_WITHDRAWN, "suppressed"), else_="queued"),
            attempts=messages.c.attempts - 1,
            lease_token=null(),
            lease_until=null(),
        )
    )


async def mark_handed_over(tx: Transaction, *, message_id: str, token: str) -> None:
    """From here until the mail server's answer is recorded, a crash leaves the outcome unknown."""
    await tx.execute(
        update(messages).where(messages.c.id == message_id, messages.c.lease_token == token).values(is_handed_over=True)
    )


async def finish(tx: Transaction, endings: Sequence[Ending], *, token: str) -> list[Ending]:
    """Record how attempts ended; answers those whose lease was still ours."""
    handovers = [ending.handover for ending in endings]
    rendered = [ending.rendered for ending in endings]
    params = {
        "token": token,
        "now": tx.now,
        "ids": [ending.row.id for ending in endings],
        "statuses": [ending.status for ending in endings],
        "reasons": [ending.reason for ending in endings],
        "next": [ending.next_attempt_at for ending in endings],
        "sent": [tx.now if ending.status == "sent" else None for ending in endings],
        "subjects": [mail.subject if mail else None for mail in rendered],
        "htmls": [mail.html if mail else None for mail in rendered],
        "texts": [mail.text if mail else None for mail in rendered],
        "numbers": [ending.row.attempts for ending in endings],
        "codes": [handover.code if handover else None for handover in handovers],
        "details": [handover.text if handover else None for handover in handovers],
    }
    ours = {row.id for row in await tx.all(FINISH, params)}
    return [ending for ending in endings if ending.row.id in ours]


async def attempts_of(reader: Reader, message_id: str) -> list[Row[Any]]:
    """The attempts at one mail, oldest first."""
    return await reader.all(select(attempts).where(attempts.c.message_id == message_id).order_by(attempts.c.id))
