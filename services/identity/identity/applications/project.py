"""Keep what other services tell about products and entitlements, the latest word of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from identity.accounts.queries import accounts_by_email
from identity.applications.models import products
from identity.tiles import tiles_changed, tiles_of_everybody_changed

PROJECT = text(
    "INSERT INTO entitlements AS e (email, product_code, sequence, grants)"
    " SELECT email, product_code, sequence, CAST(grants AS jsonb)"
    " FROM unnest(CAST(:emails AS text[]), CAST(:products AS text[]), CAST(:sequences AS bigint[]),"
    " CAST(:grants AS text[])) AS w(email, product_code, sequence, grants)"
    ' ORDER BY email COLLATE "C", product_code COLLATE "C"'
    " ON CONFLICT (email, product_code) DO UPDATE SET sequence = excluded.sequence, grants = excluded.grants"
    " WHERE e.sequence < excluded.sequence RETURNING email"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that an address (normalized) may do with a product, as of event number `sequence`."""

    email: str
    product_code: str
    sequence: int
    grants: list[dict[str, Any]]


async def project_product(
    tx: Transaction, *, code: str, sequence: int, name: dict[str, str], applications: list[str]
) -> None:
    """Which applications a product opens. An older word than the one we have changes nothing."""
    statement = insert(products).values(code=code, sequence=sequence, name=name, applications=applications)
    written = await tx.first(
        statement.on_conflict_do_update(
            index_elements=[products.c.code],
            set_={
                "sequence": statement.excluded.sequence,
                "name": statement.excluded.name,
                "applications": statement.excluded.applications,
            },
            where=products.c.sequence < statement.excluded.sequence,
        ).returning(products.c.code)
    )
    if written is not None:
        tiles_of_everybody_changed(tx)


async def project_entitlements(tx: Transaction, snapshots: Iterable[Snapshot]) -> None:
    """Every present and future grant of products to addresses, in one statement. An older word changes nothing.

    A snapshot without grants is kept too: it outranks an older one that arrives late.
    """
    latest: dict[tuple[str, str], Snapshot] = {}
    for snapshot in snapshots:
        key = (snapshot.email, snapshot.product_code)
        if key not in latest or latest[key].sequence < snapshot.sequence:
            latest[key] = snapshot
    written = await tx.execute(
        PROJECT,
        {
            "emails": [snapshot.email for snapshot in latest.values()],
            "products": [snapshot.product_code for snapshot in latest.values()],
            "sequences": [snapshot.sequence for snapshot in latest.values()],
            "grants": [orjson.dumps(snapshot.grants).decode() for snapshot in latest.values()],
        },
    )
    holders = await accounts_by_email(tx, set(written.scalars()))
    tiles_changed(tx, [account.id for account in holders.values()])
