"""Take a grant back: everything issued on it is worth nothing any more."""

from chassis.db.transaction import Transaction
from chassis.kernel.clock import SystemClock
from identity.audit.record import record
from identity.grants import store
from identity.grants.models import grants


async def revoke(tx: Transaction, *, grant_id: str, reason: str) -> bool:
    """Revoke one grant; tells whether it was good until now."""
    revoked = await store.revoke(tx, condition=grants.c.id == grant_id, reason=reason, now=SystemClock().now())
    if revoked:
        await record(tx, "grant.revoked", grant_id, reason=reason)
    return bool(revoked)
