"""What other features may ask about consents."""

from chassis.db.transaction import Reader
from identity.clients.queries import names_of_clients
from identity.grants import store
from identity.grants.consented import Consent


async def consented_scopes(reader: Reader, *, account_id: str, client_id: str) -> frozenset[str]:
    """The scopes a person has agreed to for a client; empty without a consent."""
    row = await store.consent_of(reader, account_id=account_id, client_id=client_id)
    return frozenset(row.scopes) if row else frozenset()


async def consents_of(reader: Reader, account_id: str) -> list[Consent]:
    """Every client that a person has let act for them, the oldest consent first."""
    rows = await store.consents_of(reader, account_id=account_id)
    names = await names_of_clients(reader, [row.client_id for row in rows]) if rows else {}
    return [
        Consent(row.client_id, names.get(row.client_id, ""), tuple(row.scopes), row.given_at, row.changed_at)
        for row in rows
    ]
