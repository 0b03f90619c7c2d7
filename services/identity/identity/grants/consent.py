"""A person agrees that a client may act for them."""

from collections.abc import Iterable

from chassis.db.transaction import Transaction
from chassis.kernel.clock import SystemClock
from identity.audit.record import record
from identity.grants import store


async def consent(tx: Transaction, *, account_id: str, client_id: str, scopes: Iterable[str]) -> None:
    """Remember the agreement, in addition to what was agreed to before."""
    agreed = sorted(set(scopes))
    await store.add_consent(tx, account_id=account_id, client_id=client_id, scopes=agreed, now=SystemClock().now())
    await record(tx, "consent.given", account_id, client_id=client_id, scopes=agreed)
