"""Change a client; the change acts on its next request."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.clients import store
from identity.clients.client import Client
from identity.clients.errors import ClientIsBuiltIn, ClientNotFound
from identity.clients.events import ClientDisabled
from identity.clients.metadata import columns_of
from identity.clients.register import check
from identity.clients.store import LISTS


async def change(tx: Transaction, *, client_id: str, metadata: Mapping[str, Any], loopback_allowed: bool) -> Client:
    """The client as it is now. Raises ClientNotFound, ClientIsBuiltIn and InvalidClientMetadata."""
    before = await store.lock(tx, client_id=client_id)
    if before is None:
        raise ClientNotFound()
    if before.is_built_in:
        raise ClientIsBuiltIn()
    columns = columns_of(metadata)
    if "about" in columns:
        columns["about"] = {**before.about, **columns["about"]}
    await check(tx, {**_stored(before), **columns}, loopback_allowed=loopback_allowed)
    if columns:
        await store.update_client(tx, client_id=client_id, values={**columns, "changed_at": tx.now})
        await record(tx, "client.changed", client_id, fields=sorted(columns))
    if columns.get("status") == "disabled" and before.is_active:
        tx.emit(ClientDisabled(client_id=client_id))
    after = await store.find(tx, client_id=client_id)
    assert after is not None
    return after


def _stored(client: Client) -> dict[str, Any]:
    values = asdict(client)
    return {**values, **{name: list(values[name]) for name in LISTS}}
