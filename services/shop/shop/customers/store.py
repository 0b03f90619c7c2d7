"""The SQL of customers and members."""

from functools import partial
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Reader, Transaction
from shop.customers.models import customers, members
from shop.customers.whereabouts import WHEREABOUTS


async def find(reader: Reader, organization_id: str) -> Row[Any] | None:
    """One customer as stored."""
    return await reader.first(select(customers).where(customers.c.organization_id == organization_id))


async def lock(tx: Transaction, organization_id: str) -> Row[Any] | None:
    """One customer, locked until the transaction ends."""
    statement = select(customers).where(customers.c.organization_id == organization_id).with_for_update()
    return await tx.first(statement)


async def add(tx: Transaction, values: dict[str, Any]) -> bool:
    """A new customer; False when the organization has one already."""
    statement = insert(customers).values(**values, created_at=tx.now, changed_at=tx.now)
    statement = statement.on_conflict_do_nothing(index_elements=["organization_id"])
    row = await tx.first(statement.returning(customers.c.organization_id))
    return row is not None


async def change(tx: Transaction, organization_id: str, values: dict[str, Any]) -> None:
    """Change some columns of a customer."""
    await tx.execute(
        update(customers)
        .where(customers.c.organization_id == organization_id)
        .values(**values, version=customers.c.version + 1, changed_at=tx.now)
    )
    tx.after_commit(partial(WHEREABOUTS.forget, organization_id))


async def save_member(tx: Transaction, values: dict[str, Any]) -> Row[Any] | None:
    """Store a member as told by event number `sequence`; answers the row before, and ignores older news."""
    before = await tx.first(select(members).where(members.c.member_id == values["member_id"]).with_for_update())
    statement = insert(members).values(**values)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id"],
            set_={name: statement.excluded[name] for name in values if name != "member_id"},
            where=members.c.sequence < statement.excluded.sequence,
        )
    )
    return before


async def owner_of(reader: Reader, organization_id: str) -> Row[Any] | None:
    """The owner who joined first."""
    return await reader.first(
        select(members)
        .where(
            members.c.organization_id == organization_id,
            members.c.roles.contains(["owner"]),
            members.c.is_removed.is_(False),
        )
        .order_by(members.c.member_id)
        .limit(1)
    )
