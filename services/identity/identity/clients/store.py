"""Clients in the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.db.transaction import Reader, Transaction
from chassis.kernel.ids import new_id
from identity.clients.client import Client
from identity.clients.models import client_secrets, clients
from identity.clients.secrets import LIVE_SECRETS, digest_of

in_order = (clients.c.created_at, clients.c.id)
LISTS = ("products", "scopes", "grant_types", "redirect_uris", "post_logout_redirect_uris")

COLUMNS = (*clients.c.keys(), "secret_digests")


def selection(*, organization_id: str | None = None, name: str | None = None, status: str | None = None) -> Select[Any]:
    """Clients that exist, with the digests of their live secrets."""
    digests = (
        select(func.array_agg(aggregate_order_by(client_secrets.c.digest, client_secrets.c.created_at)))
        .where(client_secrets.c.client_id == clients.c.id)
        .scalar_subquery()
    )
    statement = select(clients, digests.label("secret_digests")).where(clients.c.status != "deleted")
    if organization_id is not None:
        statement = statement.where(clients.c.organization_id == organization_id)
    if status is not None:
        statement = statement.where(clients.c.status == status)
    return statement if name is None else statement.where(clients.c.name == name)


def client_of(row: Row[Any]) -> Client:
    """The client that a row of `selection` tells of."""
    values = {name: row._mapping[name] for name in COLUMNS}
    for name in LISTS:
        values[name] = tuple(values[name])
    return Client(**{**values, "secret_digests": tuple(values["secret_digests"] or ())})


async def find(reader: Reader, *, client_id: str) -> Client | None:
    """One client by its id."""
    row = await reader.first(selection().where(clients.c.id == client_id))
    return None if row is None else client_of(row)


async def lock(tx: Transaction, *, client_id: str) -> Client | None:
    """One client by its id, nobody else changing it meanwhile."""
    await tx.execute(select(clients.c.id).where(clients.c.id == client_id).with_for_update())
    return await find(tx, client_id=client_id)


async def insert_client(tx: Transaction, *, values: Mapping[str, Any]) -> None:
    """Store a new client."""
    await tx.execute(insert(clients).values(**values))


async def upsert_client(tx: Transaction, *, values: Mapping[str, Any]) -> None:
    """Store a client of the platform, or bring the stored one up to date."""
    statement = upsert(clients).values(**values)
    changed = {name: value for name, value in values.items() if name not in ("id", "created_at")}
    await tx.execute(statement.on_conflict_do_update(index_elements=[clients.c.id], set_=changed))


async def update_client(tx: Transaction, *, client_id: str, values: Mapping[str, Any]) -> None:
    """Change a stored client."""
    await tx.execute(update(clients).where(clients.c.id == client_id).values(**values))


async def add_secret(tx: Transaction, *, client_id: str, secret: str, now: datetime) -> None:
    """Make `secret` good, and let only the one before live on beside it."""
    await tx.execute(
        insert(client_secrets).values(id=new_id("sec"), client_id=client_id, digest=digest_of(secret), created_at=now)
    )
    newest = (
        select(client_secrets.c.id)
        .where(client_secrets.c.client_id == client_id)
        .order_by(client_secrets.c.created_at.desc(), client_secrets.c.id.desc())
        .limit(LIVE_SECRETS)
    )
    await tx.execute(
        delete(client_secrets).where(client_secrets.c.client_id == client_id, client_secrets.c.id.not_in(newest))
    )


async def remove_secrets(tx: Transaction, *, client_id: str) -> None:
    """Make no secret of the client good any more."""
    await tx.execute(delete(client_secrets).where(client_secrets.c.client_id == client_id))


async def names(reader: Reader, *, client_ids: list[str]) -> dict[str, str]:
    """Names by client id."""
    rows = await reader.all(select(clients.c.id, clients.c.name).where(clients.c.id.in_(client_ids)))
    return {row.id: row.name for row in rows}
