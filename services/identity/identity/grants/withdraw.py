"""A person takes back what a client may do for them."""

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.grants import store
from identity.grants.models import grants
from identity.grants.revoke import revoke_all


async def withdraw(tx: Transaction, *, account_id: str, client_id: str | None = None) -> list[str]:
    """Forget the consent for one client (or for all) and end its tokens; the ids of the clients."""
    clients = await store.remove_consents(tx, account_id=account_id, client_id=client_id)
    theirs = (grants.c.account_id == account_id) & grants.c.client_id.in_(clients)
    await revoke_all(tx, condition=theirs, reason="consent_withdrawn")
    for withdrawn in clients:
        await record(tx, "consent.withdrawn", account_id, client_id=withdrawn)
    return clients
