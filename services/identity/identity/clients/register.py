"""Register an OAuth client."""

from collections.abc import Mapping
from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.errors import FieldError
from chassis.kernel.ids import new_id
from identity.audit.record import record
from identity.clients import store
from identity.clients.client import Client
from identity.clients.errors import InvalidClientMetadata
from identity.clients.metadata import columns_of, with_defaults
from identity.clients.rules import SECRET_METHODS, problems_of
from identity.clients.secrets import new_secret
from identity.organizations.queries import find_organization


async def register(
    tx: Transaction, *, metadata: Mapping[str, Any], loopback_allowed: bool
) -> tuple[Client, str | None]:
    """The new client and its secret, if it uses one. Raises InvalidClientMetadata."""
    values = with_defaults(columns_of(metadata))
    await check(tx, values, loopback_allowed=loopback_allowed)
    client_id = new_id("cli")
    values |= {"id": client_id, "created_at": tx.now, "changed_at": tx.now}
    await store.insert_client(tx, values=values)
    secret = None
    if values["token_endpoint_auth_method"] in SECRET_METHODS:
        secret = new_secret()
        await store.add_secret(tx, client_id=client_id, secret=secret, now=tx.now)
    await record(tx, "client.registered", client_id, organization_id=values["organization_id"], name=values["name"])
    client = await store.find(tx, client_id=client_id)
    assert client is not None
    return client, secret


async def check(tx: Transaction, values: Mapping[str, Any], *, loopback_allowed: bool) -> None:
    """Raise InvalidClientMetadata with everything that is wrong."""
    problems = problems_of(values, loopback_allowed=loopback_allowed)
    organization_id = values["organization_id"]
    if organization_id is not None and await find_organization(tx, organization_id) is None:
        problems.append(FieldError("/organization_id", "unknown_organization", "There is no such organization."))
    if problems:
        raise InvalidClientMetadata(errors=problems)
