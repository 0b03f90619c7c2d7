"""The SQL of subscriptions."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import DateTime, Row, and_, cast, func, literal_column, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Reader, Transaction
from shop.numbering import next_number
from shop.subscriptions.models import subscription_numbers, subscriptions
from shop.subscriptions.views import SubscriptionView, view_of

RENEW = "subscriptions.renew"
"""The sweep over what is due: roused by whoever makes something due at once."""

# Built once: putting a statement with thirty values together costs more than executing it.
ADD = insert(subscriptions).values(number=next_number(subscription_numbers)).returning(subscriptions)


async def add(tx: Transaction, rows: Sequence[dict[str, Any]], *, year: int) -> list[SubscriptionView]:
    """New subscriptions under the next numbers, in the order given. Gaps in their numbers do not matter."""
    numbered = [{**row, "number_starts": f"S-{year}-"} for row in rows]
    stored = {row.id: view_of(row) for row in await tx.all(ADD, numbered)}
    return [stored[row["id"]] for row in rows]


async def find(reader: Reader, subscription_id: str) -> SubscriptionView | None:
    """One subscription."""
    row = await reader.first(select(subscriptions).where(subscriptions.c.id == subscription_id))
    return view_of(row) if row else None


async def lock(tx: Transaction, subscription_id: str) -> SubscriptionView | None:
    """One subscription, locked until the transaction ends."""
    statement = select(subscriptions).where(subscriptions.c.id == subscription_id).with_for_update()
    row = await tx.first(statement)
    return view_of(row) if row else None


async def lock_due(tx: Transaction, subscription_id: str) -> SubscriptionView | None:
    """The subscription if it is due and nobody else is at it; else None."""
    statement = (
        select(subscriptions)
        .where(subscriptions.c.id == subscription_id, subscriptions.c.due_at <= tx.now)
        .with_for_update(skip_locked=True)
    )
    row = await tx.first(statement)
    return view_of(row) if row else None


async def due_ids(reader: Reader, *, limit: int) -> list[str]:
    """The subscriptions that are due, the longest waiting first."""
    statement = (
        select(subscriptions.c.id)
        .where(subscriptions.c.due_at <= reader.now)
        .order_by(subscriptions.c.due_at)
        .limit(limit)
    )
    return list((await reader.execute(statement)).scalars())


async def change(tx: Transaction, subscription_id: str, values: dict[str, Any]) -> SubscriptionView:
    """Change some columns; answers the subscription as it is then."""
    statement = update(subscriptions).where(subscriptions.c.id == subscription_id).values(**values)
    return view_of(await tx.one(statement.returning(subscriptions)))


async def upsert_adopted(tx: Transaction, rows: list[dict[str, Any]]) -> list[SubscriptionView]:
    """Store transferred subscriptions; answers those that are new or come back after a roll-back.

    No parameters but the rows': with one in the conflict clause the rows would go to the database one at a time.
    """
    statement = insert(subscriptions)
    kept = {"id", "fence", "created_at", "organization_id", "legacy_id"}
    values: dict[str, Any] = {name: statement.excluded[name] for name in rows[0] if name not in kept}
    values |= {"fence": subscriptions.c.fence + literal_column("1"), "ended_reason": null(), "ended_at": null()}
    statement = statement.on_conflict_do_update(
        index_elements=["organization_id", "legacy_id"],
        set_=values,
        where=subscriptions.c.ended_reason == literal_column("'rolled_back'"),
    )
    return [view_of(row) for row in await tx.all(statement.returning(subscriptions), rows)]


async def legacy_ids_of(reader: Reader, organization_ids: Collection[str]) -> list[tuple[str, str, str]]:
    """Organization, legacy id and our id of every transferred subscription of these organizations."""
    columns = (subscriptions.c.organization_id, subscriptions.c.legacy_id, subscriptions.c.id)
    rows = await reader.all(
        select(*columns).where(
            subscriptions.c.organization_id.in_(organization_ids), subscriptions.c.legacy_id.is_not(None)
        )
    )
    return [(row.organization_id, row.legacy_id, row.id) for row in rows]


async def take_over(tx: Transaction, ids: Collection[str], time_zone: str) -> list[SubscriptionView]:
    """Bill from now on what nobody bills; due at the start of its renewal day in the time zone."""
    due_at = func.timezone(time_zone, cast(subscriptions.c.next_renewal_on, DateTime(timezone=False)))
    statement = (
        update(subscriptions)
        .where(
            subscriptions.c.id.in_(ids),
            subscriptions.c.billing_owner == "none",
            subscriptions.c.status != "ended",
        )
        .values(billing_owner="new_shop", fence=subscriptions.c.fence + 1, due_at=due_at)
    )
    return [view_of(row) for row in await tx.all(statement.returning(subscriptions))]


async def lock_of_transfer(tx: Transaction, transfer_id: str) -> list[SubscriptionView]:
    """The live subscriptions that a transfer brought, locked."""
    statement = (
        select(subscriptions)
        .where(subscriptions.c.transfer_id == transfer_id, subscriptions.c.status != "ended")
        .order_by(subscriptions.c.id)
        .with_for_update()
    )
    return [view_of(row) for row in await tx.all(statement)]


async def lock_held(tx: Transaction, organization_id: str, reason: str) -> list[SubscriptionView]:
    """The subscriptions of an organization that wait for an operator for one reason, locked."""
    statement = (
        select(subscriptions)
        .where(subscriptions.c.organization_id == organization_id, subscriptions.c.held_reason == reason)
        .with_for_update()
    )
    return [view_of(row) for row in await tx.all(statement)]


async def retime(tx: Transaction, organization_id: str, time_zone: str) -> None:
    """Let the renewals of an organization fall due at the start of their day in another time zone."""
    waiting = and_(
        subscriptions.c.organization_id == organization_id,
        subscriptions.c.due_at.is_not(None),
        or_(subscriptions.c.renewal_order_id.is_(None), subscriptions.c.status == "active"),
    )
    due_at = func.timezone(time_zone, cast(subscriptions.c.next_renewal_on, DateTime(timezone=False)))
    await tx.execute(update(subscriptions).where(waiting).values(due_at=due_at))


async def rows_of(reader: Reader, organization_id: str) -> list[Row[Any]]:
    """Every subscription of an organization."""
    mine = select(subscriptions).where(subscriptions.c.organization_id == organization_id)
    return await reader.all(mine.order_by(subscriptions.c.id))
