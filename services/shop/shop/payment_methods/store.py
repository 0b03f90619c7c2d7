"""The SQL of payment methods."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Row, Text, cast, func, insert, select, text, update

from chassis.db.transaction import Reader, Transaction
from shop.payment_methods.models import payment_methods

ORGANIZATION_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('payment_methods:' || :organization_id, 0))")


async def lock_all(tx: Transaction, organization_id: str) -> None:
    """Take turns in deciding which of an organization's methods is the default."""
    await tx.execute(ORGANIZATION_LOCK, {"organization_id": organization_id})


async def add(tx: Transaction, values: dict[str, Any]) -> Row[Any]:
    """A new method."""
    return await tx.one(insert(payment_methods).values(**values, created_at=tx.now).returning(payment_methods))


async def has_default(tx: Transaction, organization_id: str) -> bool:
    """Whether the organization has a default method."""
    mine = select(func.count()).where(
        payment_methods.c.organization_id == organization_id, payment_methods.c.is_default
    )
    return bool(await tx.scalar(mine))


async def set_default(tx: Transaction, organization_id: str, method_id: str | None) -> None:
    """Make one method the default, and no other."""
    mine = payment_methods.c.organization_id == organization_id
    await tx.execute(update(payment_methods).where(mine, payment_methods.c.is_default).values(is_default=False))
    if method_id is not None:
        await tx.execute(update(payment_methods).where(mine, payment_methods.c.id == method_id).values(is_default=True))


async def set_missing_defaults(tx: Transaction, method_ids: Collection[str]) -> None:
    """Make each of these methods the default of its organization, unless that has one."""
    other = payment_methods.alias()
    has_default = (
        select(other.c.id)
        .where(other.c.organization_id == payment_methods.c.organization_id, other.c.is_default)
        .exists()
    )
    await tx.execute(
        update(payment_methods)
        .where(payment_methods.c.id == func.any(cast(list(method_ids), ARRAY(Text))), ~has_default)
        .values(is_default=True)
    )


async def retire(tx: Transaction, method_id: str) -> None:
    """Use a method no more. The database refuses while a live subscription is paid with it."""
    await tx.execute(
        update(payment_methods).where(payment_methods.c.id == method_id).values(is_usable=False, is_default=False)
    )


async def newest(tx: Transaction, organization_id: str) -> str | None:
    """The usable method added last."""
    return await tx.scalar(
        select(payment_methods.c.id)
        .where(payment_methods.c.organization_id == organization_id, payment_methods.c.is_usable)
        .order_by(payment_methods.c.id.desc())
        .limit(1)
    )


async def known_as(reader: Reader, organization_id: str, provider: str) -> str | None:
    """The provider's id of the organization, as its newest method has it; a removed or imported one tells it too."""
    return await reader.scalar(
        select(payment_methods.c.provider_customer)
        .where(
            payment_methods.c.organization_id == organization_id,
            payment_methods.c.provider == provider,
            payment_methods.c.provider_customer != "",
        )
        .order_by(payment_methods.c.id.desc())
        .limit(1)
    )
