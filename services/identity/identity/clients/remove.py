"""Remove a client for good."""

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.clients import store
from identity.clients.errors import ClientIsBuiltIn, ClientNotFound
from identity.clients.events import ClientDisabled


async def remove(tx: Transaction, *, client_id: str) -> None:
    """Its tokens are refused from now on. Raises ClientNotFound and ClientIsBuiltIn."""
    client = await store.lock(tx, client_id=client_id)
    if client is None:
        raise ClientNotFound()
    if client.is_built_in:
        raise ClientIsBuiltIn()
    await store.update_client(tx, client_id=client_id, values={"status": "deleted", "changed_at": tx.now})
    await store.remove_secrets(tx, client_id=client_id)
    await record(tx, "client.removed", client_id)
    tx.emit(ClientDisabled(client_id=client_id))
