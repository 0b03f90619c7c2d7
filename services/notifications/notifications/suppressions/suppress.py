"""Send no more mail to an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from notifications.suppressions.models import suppressions


@dataclass(frozen=True)
class Bounce:
    """A mail server said that an address does not take mail."""

    email: str
    detail: str
    message_id: str


async def suppress(
    tx: Transaction, *, email: str, reason: str, detail: str | None, expires_at: datetime | None, by: str
) -> Row[tuple[object, ...]]:
    """Stop mails to `email` (normalized); done again, the newer reason counts."""
    values = {"reason": reason, "detail": detail, "expires_at": expires_at, "created_by": by}
    statement = insert(suppressions).values(id=new_id("sup"), email=email, created_at=tx.now, **values)
    statement = statement.on_conflict_do_update(index_elements=["email"], set_=values)
    return await tx.one(statement.returning(suppressions))


async def suppress_bounced(tx: Transaction, bounces: Sequence[Bounce]) -> None:
    """Stop mails to addresses that bounced; one that is suppressed already stays as it is."""
    if not bounces:
        return
    rows = [
        {
            "id": new_id("sup"),
            "email": bounce.email,
            "reason": "hard_bounce",
            "detail": bounce.detail,
            "source_message_id": bounce.message_id,
            "created_by": tx.actor,
            "created_at": tx.now,
        }
        for bounce in bounces
    ]
    await tx.execute(insert(suppressions).on_conflict_do_nothing(index_elements=["email"]), rows)
