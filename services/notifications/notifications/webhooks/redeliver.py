"""Deliver an event once more because somebody asked for it."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from notifications.webhooks.errors import DeliveryPending
from notifications.webhooks.models import deliveries
from notifications.webhooks.store import DELIVER


async def redeliver(tx: Transaction, *, delivery: Row[Any]) -> Row[Any]:
    """Queue the same event, with the same id, behind what waits already. Raises DeliveryPending."""
    if delivery.status == "pending":
        raise DeliveryPending()
    tx.rouse(DELIVER)
    statement = insert(deliveries).values(
        id=new_id("dlv"),
        endpoint_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        event_type=delivery.event_type,
        body=delivery.body,
        is_repeat=True,
        next_attempt_at=tx.now,
        created_at=tx.now,
    )
    return await tx.one(statement.returning(deliveries))
