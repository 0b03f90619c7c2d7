"""The statements about endpoints and deliveries."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, null, or_, select, true, update

from chassis.db.transaction import Reader, Transaction
from notifications.webhooks.models import deliveries, endpoints
from notifications.webhooks.rules import wanted_filters

LEASE = timedelta(minutes=2)
DELIVER = "webhooks.deliver"
"""The sweep that starts due deliveries: roused by whoever queues one, so that it leaves at once."""


def visible_to(organization_id: str | None) -> ColumnElement[bool]:
    """The endpoints that a caller may see: their organization's; all of them for operators (None)."""
    return true() if organization_id is None else endpoints.c.organization_id == organization_id


async def endpoint_of(
    reader: Reader, *, endpoint_id: str, organization_id: str | None, lock: bool = False
) -> Row[Any] | None:
    """One endpoint that the caller may see."""
    statement = select(endpoints).where(endpoints.c.id == endpoint_id, visible_to(organization_id))
    return await reader.first(statement.with_for_update() if lock else statement)


async def delivery_of(reader: Reader, *, delivery_id: str, organization_id: str | None) -> Row[Any] | None:
    """One delivery that the caller may see."""
    return await reader.first(
        select(deliveries)
        .join(endpoints, endpoints.c.id == deliveries.c.endpoint_id)
        .where(deliveries.c.id == delivery_id, visible_to(organization_id))
    )


async def listeners(
    reader: Reader, *, event_type: str, organizations: Collection[str | None]
) -> list[Row[tuple[str, str | None]]]:
    """The endpoints that want an event of one of `organizations`, each with its own (None: it hears of every one).

    One switched off for failing goes on collecting, so that nothing is lost.
    """
    is_listening = or_(endpoints.c.status == "enabled", endpoints.c.disabled_reason == "failing")
    known = sorted(organization for organization in organizations if organization is not None)
    return await reader.all(
        select(endpoints.c.id, endpoints.c.organization_id).where(
            is_listening,
            endpoints.c.event_types.overlap(wanted_filters(event_type)),
            or_(endpoints.c.organization_id.is_(None), endpoints.c.organization_id.in_(known)),
        )
    )


async def is_anybody_listening(reader: Reader) -> bool:
    """Whether there is any endpoint at all: most installations have none, and every event asks."""
    return await reader.scalar(select(exists(select(endpoints.c.id))))


async def claim_due(tx: Transaction, *, token: str, limit: int) -> list[str]:
    """Take endpoints whose oldest pending delivery is due, for a while (real time)."""
    head = (
        select(deliveries.c.next_attempt_at)
        .where(deliveries.c.endpoint_id == endpoints.c.id, deliveries.c.status == "pending")
        .order_by(deliveries.c.position)
        .limit(1)
        .scalar_subquery()
    )
    now = datetime.now(UTC)
    due = (
        select(endpoints.c.id)
        .where(
            endpoints.c.status == "enabled",
            or_(endpoints.c.lease_until.is_(None), endpoints.c.lease_until < now),
            head <= tx.now,
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = update(endpoints).where(endpoints.c.id.in_(due)).values(lease_token=token, lease_until=now + LEASE)
    return [row.id for row in await tx.all(taken.returning(endpoints.c.id))]


async def release(tx: Transaction, *, endpoint_id: str, token: str) -> None:
    """Give an endpoint back."""
    await tx.execute(
        update(endpoints)
        .where(endpoints.c.id == endpoint_id, endpoints.c.lease_token == token)
        .values(lease_token=null(), lease_until=null())
    )


async def renew(tx: Transaction, *, endpoint_id: str, token: str) -> bool:
    """Keep an endpoint for another while; False when it was taken over or switched off."""
    kept = await tx.execute(
        update(endpoints)
        .where(endpoints.c.id == endpoint_id, endpoints.c.lease_token == token, endpoints.c.status == "enabled")
        .values(lease_until=datetime.now(UTC) + LEASE)
    )
    return kept.rowcount == 1


async def next_delivery(reader: Reader, *, endpoint_id: str) -> Row[Any] | None:
    """The endpoint's oldest pending delivery with its endpoint, if it is due: strictly in order."""
    row = await reader.first(
        select(deliveries, endpoints.c.url, endpoints.c.refused_in_a_row)
        .join(endpoints, endpoints.c.id == deliveries.c.endpoint_id)
        .where(deliveries.c.endpoint_id == endpoint_id, deliveries.c.status == "pending")
        .order_by(deliveries.c.position)
        .limit(1)
    )
    return row if row is not None and row.next_attempt_at <= reader.now else None


async def pending_count(reader: Reader, *, endpoint_id: str) -> int:
    """How many deliveries wait."""
    waiting = and_(deliveries.c.endpoint_id == endpoint_id, deliveries.c.status == "pending")
    return await reader.scalar(select(func.count()).select_from(deliveries).where(waiting))
