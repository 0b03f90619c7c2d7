"""What other features may ask about clients."""

from chassis.db.transaction import Reader
from identity.clients import store
from identity.clients.client import Client


async def find_client(reader: Reader, *, client_id: str) -> Client | None:
    """The client, disabled ones included; None when there is none or it was removed."""
    return await store.find(reader, client_id=client_id)


async def names_of_clients(reader: Reader, client_ids: list[str]) -> dict[str, str]:
    """The names that people read, by client id."""
    return await store.names(reader, client_ids=client_ids)
