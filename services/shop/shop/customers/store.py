"""The SQL of customers and members."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Row, collate, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from chassis.db.transaction import Reader, Transaction
from shop.customers.models import customers, members
from shop.customers.news import BuyerNamed, MemberNews
from shop.customers.whereabouts import WHEREABOUTS

CHANGE_BUYERS = text(
    "UPDATE customers c SET email = w.email, first_name = w.first_name, last_name = w.last_name,"
    " version = c.version + 1, changed_at = :now"
    " FROM unnest(CAST(:ids AS text[]), CAST(:emails AS text[]), CAST(:first_names AS text[]),"
    " CAST(:last_names AS text[])) AS w(id, email, first_name, last_name) WHERE c.organization_id = w.id"
)
SAVE_MEMBERS = text(
    "INSERT INTO members AS m"
    " (member_id, organization_id, account_id, email, name, roles, status, sequence, is_removed)"
    " SELECT member_id, organization_id, account_id, email, name, CAST(roles AS jsonb), status, sequence, is_removed"
    " FROM unnest(CAST(:member_id AS text[]), CAST(:organization_id AS text[]), CAST(:account_id AS text[]),"
    " CAST(:email AS text[]), CAST(:name AS text[]), CAST(:roles AS text[]), CAST(:status AS text[]),"
    " CAST(:sequence AS bigint[]), CAST(:is_removed AS boolean[]))"
    " AS w(member_id, organization_id, account_id, email, name, roles, status, sequence, is_removed)"
    ' ORDER BY member_id COLLATE "C"'
    " ON CONFLICT (member_id) DO UPDATE SET organization_id = excluded.organization_id,"
    " account_id = excluded.account_id, email = excluded.email, name = excluded.name, roles = excluded.roles,"
    " status = excluded.status, sequence = excluded.sequence, is_removed = excluded.is_removed"
    " WHERE m.sequence < excluded.sequence"
)


async def find(reader: Reader, organization_id: str) -> Row[Any] | None:
    """One customer as stored."""
    return await reader.first(select(customers).where(customers.c.organization_id == organization_id))


async def lock(tx: Transaction, organization_id: str) -> Row[Any] | None:
    """One customer, locked until the transaction ends."""
    statement = select(customers).where(customers.c.organization_id == organization_id).with_for_update()
    return await tx.first(statement)


async def known_among(reader: Reader, organization_ids: Collection[str]) -> set[str]:
    """Which of these organizations are customers."""
    statement = select(customers.c.organization_id).where(customers.c.organization_id.in_(organization_ids))
    return set((await reader.execute(statement)).scalars())


async def add_all(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """New customers, in the order given; an organization that has become one meanwhile stays as it is."""
    statement = insert(customers).on_conflict_do_nothing(index_elements=["organization_id"])
    await tx.execute(statement, [{**row, "created_at": tx.now, "changed_at": tx.now} for row in rows])


async def change(tx: Transaction, organization_id: str, values: dict[str, Any]) -> None:
    """Change some columns of a customer."""
    await tx.execute(
        update(customers)
        .where(customers.c.organization_id == organization_id)
        .values(**values, version=customers.c.version + 1, changed_at=tx.now)
    )
    tx.after_commit(partial(WHEREABOUTS.forget, organization_id))


async def lock_buyers(tx: Transaction, organization_ids: Collection[str]) -> dict[str, BuyerNamed]:
    """The buyers of customers by organization, locked until the transaction ends."""
    rows = await tx.all(
        select(customers.c.organization_id, customers.c.email, customers.c.first_name, customers.c.last_name)
        .where(customers.c.organization_id.in_(organization_ids))
        .order_by(collate(customers.c.organization_id, "C"))
        .with_for_update(key_share=True)
    )
    return {row.organization_id: BuyerNamed(row.email, row.first_name, row.last_name) for row in rows}


async def change_buyers(tx: Transaction, buyers: Mapping[str, BuyerNamed]) -> None:
    """Give customers, locked before, another buyer's address and name."""
    if not buyers:
        return
    params = {
        "now": tx.now,
        "ids": list(buyers),
        "emails": [buyer.email for buyer in buyers.values()],
        "first_names": [buyer.first_name for buyer in buyers.values()],
        "last_names": [buyer.last_name for buyer in buyers.values()],
    }
    await tx.execute(CHANGE_BUYERS, params)
    for organization_id in buyers:
        tx.after_commit(partial(WHEREABOUTS.forget, organization_id))


async def lock_members(tx: Transaction, member_ids: Collection[str]) -> dict[str, Row[Any]]:
    """Number and address of the last news of members, by id; locked until the transaction ends."""
    rows = await tx.all(
        select(members.c.member_id, members.c.sequence, members.c.email)
        .where(members.c.member_id.in_(member_ids))
        .order_by(collate(members.c.member_id, "C"))
        .with_for_update(key_share=True)
    )
    return {row.member_id: row for row in rows}


async def save_members(tx: Transaction, news: Sequence[MemberNews]) -> None:
    """Store members, each once, as told by event number `sequence`; older news is ignored."""
    if not news:
        return
    columns = ("member_id", "organization_id", "account_id", "email", "name", "status", "sequence", "is_removed")
    params: dict[str, Any] = {name: [getattr(each, name) for each in news] for name in columns}
    await tx.execute(SAVE_MEMBERS, {**params, "roles": [orjson.dumps(each.roles).decode() for each in news]})


async def owners_of(reader: Reader, organization_ids: Collection[str]) -> dict[str, Row[Any]]:
    """The owner who joined first, by organization."""
    rows = await reader.all(
        select(members)
        .ext(distinct_on(members.c.organization_id))
        .where(
            members.c.organization_id.in_(organization_ids),
            members.c.roles.contains(["owner"]),
            members.c.is_removed.is_(False),
        )
        .order_by(members.c.organization_id, members.c.member_id)
    )
    return {row.organization_id: row for row in rows}
