"""Give a client a new secret while the one before still works."""

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.clients import store
from identity.clients.errors import ClientHasNoSecret, ClientIsBuiltIn, ClientNotFound
from identity.clients.rules import SECRET_METHODS
from identity.clients.secrets import new_secret


async def rotate_secret(tx: Transaction, *, client_id: str) -> str:
    """The new secret. The one before stays good until the next rotation, the ones before that do not.

    Raises ClientNotFound, ClientIsBuiltIn and ClientHasNoSecret.
    """
    client = await store.lock(tx, client_id=client_id)
    if client is None:
        raise ClientNotFound()
    if client.is_built_in:
        raise ClientIsBuiltIn()
    if client.token_endpoint_auth_method not in SECRET_METHODS:
        raise ClientHasNoSecret()
    secret = new_secret()
    await store.add_secret(tx, client_id=client_id, secret=secret, now=tx.now)
    await record(tx, "client.secret_rotated", client_id)
    return secret
