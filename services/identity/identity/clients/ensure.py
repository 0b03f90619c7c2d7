"""The platform's own clients, made and kept up to date from the settings whenever the service starts."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.db.transaction import Transaction
from identity.clients import store
from identity.clients.metadata import with_defaults
from identity.clients.scopes import API_SCOPES, INTERNAL_SCOPE, PROTOCOL_SCOPES
from identity.clients.secrets import is_one_of

SERVICES = ("shop", "licensing", "notifications")


async def ensure_client(tx: Transaction, *, client_id: str, values: Mapping[str, Any], secret: str) -> None:
    """Store a client of the platform with its configured secret. Calling it again changes nothing."""
    now = tx.now
    complete = with_defaults({"is_built_in": True, **values})
    await store.upsert_client(tx, values={**complete, "id": client_id, "created_at": now, "changed_at": now})
    client = await store.lock(tx, client_id=client_id)
    assert client is not None
    if not is_one_of(secret, client.secret_digests):
        await store.add_secret(tx, client_id=client_id, secret=secret, now=now)


def gateway(public_url: str, gateway_url: str) -> dict[str, Any]:
    """The gateway: signs people in, and holds every right that a person may have."""
    return {
        "name": "Gateway",
        "is_first_party": True,
        "grant_types": ["authorization_code", "refresh_token"],
        "scopes": sorted(PROTOCOL_SCOPES | API_SCOPES),
        "redirect_uris": [f"{public_url}/bff/callback"],
        "post_logout_redirect_uris": [f"{public_url}/signed-out", f"{public_url}/"],
        "backchannel_logout_uri": f"{gateway_url}/bff/backchannel",
    }


def service(name: str) -> dict[str, Any]:
    """A service that calls other services."""
    return {
        "name": name.capitalize(),
        "is_first_party": True,
        "grant_types": ["client_credentials"],
        "scopes": [INTERNAL_SCOPE],
    }


def operator_machine(scopes: Iterable[str] = ("operator:read", "operator:write")) -> dict[str, Any]:
    """The vendor's command line and scripts, in development and test."""
    return {
        "name": "Operator command line",
        "is_first_party": True,
        "grant_types": ["client_credentials"],
        "scopes": list(scopes),
    }
