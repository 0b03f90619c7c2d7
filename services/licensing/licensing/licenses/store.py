"""The private statements of the licenses feature."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Text, and_, bindparam, insert, or_, select, text, update

from chassis.db.transaction import Reader, Transaction
from licensing.licenses.license import License
from licensing.licenses.models import licenses, seats

BY_ID = select(licenses).where(licenses.c.id == bindparam("license_id"))
LOCK_POOL = (
    select(licenses)
    .where(
        licenses.c.organization_id == bindparam("organization_id"),
        licenses.c.product_code == bindparam("product_code"),
    )
    .order_by(licenses.c.id)
    .with_for_update(key_share=True)
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
ADD_SEATS = text(
    "INSERT INTO seats (license_id, slot) SELECT :license_id, slot "
    "FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS slot"
)
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


async def lock_pool(tx: Transaction, *, organization_id: str, product_code: str) -> list[License]:
    """Lock every license that the organization has of the product, always in the same order."""
    rows = await tx.all(LOCK_POOL, {"organization_id": organization_id, "product_code": product_code})
    return [license_of(row) for row in rows]


async def lock_pool_of(tx: Transaction, license_id: str, *, organization_id: str | None) -> list[License]:
    """Lock the license with its siblings, in the same order; nothing when it belongs to another organization."""
    rows = await tx.all(LOCK_POOL_OF, {"license_id": license_id, "organization_id": organization_id})
    return [license_of(row) for row in rows]


async def add(tx: Transaction, values: Mapping[str, Any]) -> License:
    """Insert a license."""
    return license_of(await tx.one(insert(licenses).returning(*licenses.c), values))


async def change(tx: Transaction, license_id: str, values: Mapping[str, Any]) -> License:
    """Update a license, counting its version up."""
    statement = (
        update(licenses)
        .where(licenses.c.id == license_id)
        .values(**values, version=licenses.c.version + 1, updated_at=tx.now)
        .returning(*licenses.c)
    )
    return license_of(await tx.one(statement))


async def add_seats(tx: Transaction, *, license_id: str, first: int, last: int) -> None:
    """Make the seats with the numbers `first` to `last`."""
    await tx.execute(ADD_SEATS, {"license_id": license_id, "first": first, "last": last})


async def revive_seats(tx: Transaction, *, license_id: str, wanted: int) -> int:
    """Take retired seats into use again, lowest numbers first; how many there were."""
    return (await tx.execute(REVIVE_SEATS, {"license_id": license_id, "wanted": wanted})).rowcount


async def highest_slot(tx: Transaction, license_id: str) -> int:
    """The highest seat number ever made for the license."""
    statement = select(seats.c.slot).where(seats.c.license_id == license_id).order_by(seats.c.slot.desc()).limit(1)
    return await tx.scalar(statement) or 0


async def by_legacy_id(tx: Transaction, *, organization_id: str, legacy_id: str) -> License | None:
    """The license of a legacy purchase, locked."""
    statement = (
        select(licenses)
        .where(licenses.c.organization_id == organization_id, licenses.c.legacy_id == legacy_id)
        .with_for_update(key_share=True)
    )
    row = await tx.first(statement)
    return None if row is None else license_of(row)
