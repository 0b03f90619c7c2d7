"""Take grants back: everything issued on them is worth nothing any more."""

from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.clock import SystemClock
from identity.audit.record import record
from identity.grants import store
from identity.grants.events import AccessRevoked
from identity.grants.models import grants


async def revoke(tx: Transaction, *, grant_id: str, reason: str) -> bool:
    """Revoke one grant; tells whether it was good until now."""
    revoked = await revoke_all(tx, condition=grants.c.id == grant_id, reason=reason)
    if revoked:
        await record(tx, "grant.revoked", grant_id, reason=reason)
    return bool(revoked)


async def revoke_all(tx: Transaction, *, condition: Any, reason: str) -> list[str]:
    """Revoke the grants that meet `condition`; the ids of those that were good until now."""
    revoked = await store.revoke(tx, condition=condition, reason=reason, now=SystemClock().now())
    for grant in revoked:
        tx.emit(AccessRevoked(token_id=grant.id, client_id=grant.client_id, reason=reason))
    return [grant.id for grant in revoked]
