"""The private statements of the licenses feature."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, TableValuedAlias, Text, and_, bindparam, cast, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.transaction import Reader, Transaction
from licensing.licenses.license import License
from licensing.licenses.models import licenses, seats

BY_ID = select(licenses).where(licenses.c.id == bindparam("license_id"))


def _given(name: str, *columns: str) -> TableValuedAlias:
    """A table of texts, given as one array for each column."""
    arrays = [cast(bindparam(column), ARRAY(Text)) for column in columns]
    return func.unnest(*arrays).table_valued(*columns, name=name).render_derived()


POOLS = _given("pools", "organization_id", "product_code")
LOCK_POOLS = (
    select(licenses)
    .join(
        POOLS,
        and_(POOLS.c.organization_id == licenses.c.organization_id, POOLS.c.product_code == licenses.c.product_code),
    )
    .order_by(licenses.c.product_code, licenses.c.id)
    .with_for_update(key_share=True, of=licenses)
)
WANTED = licenses.alias("wanted")
LOCK_POOL_OF = (
    select(licenses)
    .join(
        WANTED,
        and_(WANTED.c.organization_id == licenses.c.organization_id, WANTED.c.product_code == licenses.c.product_code),
    )
    .where(
        WANTED.c.id == bindparam("license_id"),
        or_(
            WANTED.c.organization_id == bindparam("organization_id", type_=Text),
            bindparam("organization_id", type_=Text).is_(None),
        ),
    )
    .order_by(licenses.c.id)
    .with_for_update(key_share=True, of=licenses)
)
KEYS = _given("keys", "organization_id", "legacy_id")
LOCK_LEGACY = (
    select(licenses)
    .join(KEYS, and_(KEYS.c.organization_id == licenses.c.organization_id, KEYS.c.legacy_id == licenses.c.legacy_id))
    .order_by(licenses.c.product_code, licenses.c.id)
    .with_for_update(key_share=True, of=licenses)
)
ADD_SEATS = text(
    "INSERT INTO seats (license_id, slot) SELECT license_id, slot "
    "FROM unnest(CAST(:licenses AS text[]), CAST(:firsts AS int[]), CAST(:lasts AS int[])) "
    "AS wanted(license_id, first, last), generate_series(first, last) AS slot"
)
DUE = (
    select(licenses.c.id)
    .where(licenses.c.remind_at <= bindparam("now"))
    .order_by(licenses.c.remind_at, licenses.c.id)
    .limit(bindparam("batch"))
    .with_for_update(key_share=True, skip_locked=True)
)
TAKE_DUE = update(licenses).where(licenses.c.id.in_(DUE)).values(remind_at=None).returning(*licenses.c)
REVIVE_SEATS = text(
    "UPDATE seats SET retired_at = NULL WHERE no IN (SELECT no FROM seats WHERE license_id = :license_id "
    "AND retired_at IS NOT NULL ORDER BY slot LIMIT :wanted)"
)


def license_of(row: Row[Any]) -> License:
    """The row as a License."""
    return License(*row)


async def by_id(reader: Reader, license_id: str) -> License | None:
    """The license, not locked."""
    row = await reader.first(BY_ID, {"license_id": license_id})
    return None if row is None else license_of(row)


async def lock_pools(tx: Transaction, pools: Collection[tuple[str, str]]) -> list[License]:
    """Lock every license that the organizations have of the products, always in the same order."""
    rows = await tx.all(LOCK_POOLS, _columns(pools, "organization_id", "product_code"))
    return [license_of(row) for row in rows]


async def lock_pool_of(tx: Transaction, license_id: str, *, organization_id: str | None) -> list[License]:
    """Lock the license with its siblings, in the same order; nothing when it belongs to another organization."""
    rows = await tx.all(LOCK_POOL_OF, {"license_id": license_id, "organization_id": organization_id})
    return [license_of(row) for row in rows]


async def add(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> list[License]:
    """Insert licenses."""
    await tx.execute(insert(licenses), rows)
    return [License(**row, over_quantity=0, version=1) for row in rows]


async def change(tx: Transaction, license_id: str, values: Mapping[str, Any]) -> License:
    """Update a license, counting its version up."""
    statement = (
        update(licenses)
        .where(licenses.c.id == license_id)
        .values(**values, version=licenses.c.version + 1, updated_at=tx.now)
        .returning(*licenses.c)
    )
    return license_of(await tx.one(statement))


async def take_due_for_reminder(tx: Transaction, *, limit: int) -> list[License]:
    """Licenses at whose seats is to be looked now, and never again."""
    return [license_of(row) for row in await tx.all(TAKE_DUE, {"now": tx.now, "batch": limit})]


async def add_seats(tx: Transaction, wanted: Sequence[tuple[str, int, int]]) -> None:
    """Make the seats of licenses with the numbers from a first to a last."""
    await tx.execute(ADD_SEATS, _columns(wanted, "licenses", "firsts", "lasts"))


async def revive_seats(tx: Transaction, *, license_id: str, wanted: int) -> int:
    """Take retired seats into use again, lowest numbers first; how many there were."""
    return (await tx.execute(REVIVE_SEATS, {"license_id": license_id, "wanted": wanted})).rowcount


async def highest_slot(tx: Transaction, license_id: str) -> int:
    """The highest seat number ever made for the license."""
    statement = select(seats.c.slot).where(seats.c.license_id == license_id).order_by(seats.c.slot.desc()).limit(1)
    return await tx.scalar(statement) or 0


async def lock_legacy(tx: Transaction, keys: Collection[tuple[str, str | None]]) -> list[License]:
    """Lock the licenses of legacy purchases, each told by its organization and legacy id."""
    return [license_of(row) for row in await tx.all(LOCK_LEGACY, _columns(keys, "organization_id", "legacy_id"))]


def _columns(rows: Collection[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    """The rows as one array for each column."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
