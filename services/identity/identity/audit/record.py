"""Write a security fact into the audit book, in the transaction that makes it true."""

from typing import Any

from sqlalchemy import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from chassis.ops import context
from identity.audit.models import audit_entries


async def record(
    tx: Transaction,
    action: str,
    target: str,
    *,
    organization_id: str | None = None,
    actor: str | None = None,
    **data: Any,
) -> None:
    """Note that the transaction's actor did `action` (`account.disabled`) to `target` (an id).

    `data` holds plain facts that explain the entry; never a password, a token or a link.
    """
    await tx.execute(
        insert(audit_entries).values(
            id=new_id("aud"),
            actor=actor or tx.actor,
            action=action,
            target=target,
            organization_id=organization_id,
            request_id=context.current().request_id,
            data=data,
        )
    )
