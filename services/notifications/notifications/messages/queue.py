"""Ask for a mail: it is queued once, however often and in whatever order it is asked for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.emails import normalize_email
from chassis.kernel.ids import new_id
from notifications.messages.models import messages
from notifications.templates.catalog import catalog

DELIVER = "messages.deliver"
"""The sweep that hands mails over: roused by whoever queues one, so that it leaves at once."""

QUEUE = insert(messages).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(messages.c.id)


@dataclass(frozen=True)
class Recipient:
    """Whom a mail is for: address, name if known, language and region."""

    email: str
    name: str | None
    locale: str


@dataclass(frozen=True)
class Link:
    """The one-time link that identity makes when the mail leaves; only this wish for it is stored, never the link.

    `required`: without a link the mail makes no sense (the account is active already), so it is not sent.
    `supersede`: links mailed earlier shall no longer work.
    """

    purpose: Literal["activation", "recovery", "email"]
    organization_id: str | None = None
    required: bool = False
    supersede: bool = False


@dataclass(frozen=True)
class Order:
    """A mail that is asked for. `occasion` names it: the same template and occasion is the same mail.

    `topic`: where two templates are two ways to tell the same thing, their common name instead of the template's.

    `expires_at`: from then on the mail would mislead and is not sent any more. `correlation` finds all mails of one
    thing (`transfer:trf_…`).
    """

    template: str
    occasion: str
    recipient: Recipient
    data: dict[str, Any] = field(default_factory=dict)
    correlation: str | None = None
    organization_id: str | None = None
    link: Link | None = None
    expires_at: datetime | None = None
    topic: str | None = None

    @property
    def dedupe_key(self) -> str:
        """What the database keeps unique."""
        return f"{self.topic or self.template}:{self.occasion}"


async def queue(tx: Transaction, order: Order) -> str | None:
    """Queue the mail and answer its id; None when this very mail was asked for before."""
    (message_id,) = await queue_many(tx, [order])
    return message_id


async def queue_many(tx: Transaction, orders: Sequence[Order]) -> list[str | None]:
    """Queue the mails and answer their ids, in order; None for each that was asked for before."""
    if not orders:
        return []
    rows = [order_columns(order, tx.now) for order in orders]
    queued = await tx.all(QUEUE, sorted(rows, key=itemgetter("dedupe_key")))
    tx.rouse(DELIVER)
    ids = {row.id for row in queued}
    return [row["id"] if row["id"] in ids else None for row in rows]


def order_columns(order: Order, now: datetime) -> dict[str, Any]:
    """The row of a mail that waits to be sent."""
    mail = catalog()[order.template]
    return {
        "id": new_id("msg"),
        "dedupe_key": order.dedupe_key,
        "template": mail.key,
        "locale": order.recipient.locale,
        "to_address": normalize_email(order.recipient.email),
        "to_name": order.recipient.name,
        "organization_id": order.organization_id,
        "correlation": order.correlation,
        "data": dict(order.data),
        "link": asdict(order.link) if order.link else None,
        "priority": mail.priority,
        "on_uncertain": mail.on_uncertain,
        "status": "queued",
        "queued_at": now,
        "next_attempt_at": now,
        "expires_at": order.expires_at,
    }
