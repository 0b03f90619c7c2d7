"""Send a mail again because an operator wants it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from notifications.messages.errors import MessageExpired, MessageNotFound, MessageOnItsWay, RecipientSuppressed
from notifications.messages.models import messages
from notifications.suppressions.queries import suppressed_among

COPIED = (
    "template",
    "locale",
    "to_address",
    "to_name",
    "organization_id",
    "correlation",
    "data",
    "link",
    "priority",
    "on_uncertain",
    "expires_at",
)


async def resend(tx: Transaction, *, message_id: str) -> Row[Any]:
    """Queue the mail once more and answer the mail that will be sent.

    One that was never taken goes again as itself, with the Message-ID it had. One that was sent goes as a new mail.
    Raises MessageNotFound, MessageOnItsWay, MessageExpired, RecipientSuppressed.
    """
    row = await tx.first(select(messages).where(messages.c.id == message_id).with_for_update())
    if row is None:
        raise MessageNotFound()
    if row.status in ("queued", "sending"):
        raise MessageOnItsWay()
    if row.expires_at is not None and row.expires_at <= tx.now:
        raise MessageExpired()
    if await suppressed_among(tx, {row.to_address}):
        raise RecipientSuppressed("This address gets no mail at present. Lift its suppression first.")
    return await _again(tx, row) if row.status != "sent" else await _as_new(tx, row)


async def _again(tx: Transaction, row: Row[Any]) -> Row[Any]:
    statement = update(messages).where(messages.c.id == row.id).values(reason=None, **_waiting(tx.now))
    return await tx.one(statement.returning(messages))


async def _as_new(tx: Transaction, row: Row[Any]) -> Row[Any]:
    copies = await tx.scalar(select(func.count()).where(messages.c.resend_of == row.id))
    copied = {name: getattr(row, name) for name in COPIED}
    copied |= {"id": new_id("msg"), "dedupe_key": f"{row.dedupe_key}:again:{copies + 1}", "resend_of": row.id}
    return await tx.one(insert(messages).values(copied | _waiting(tx.now)).returning(messages))


def _waiting(now: datetime) -> dict[str, Any]:
    return {"status": "queued", "queued_at": now, "next_attempt_at": now}
