"""Send a harmless event to an endpoint, now, whatever waits."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.facts import Envelope
from chassis.kernel.ids import new_id, uuid7
from notifications.webhooks.deliver import Answer
from notifications.webhooks.fan_out import body_of
from notifications.webhooks.models import deliveries
from notifications.webhooks.rules import TEST_EVENT


def hello_event(endpoint: Row[Any], envelope_time: Any) -> Envelope:
    """An event that says nothing but hello."""
    return Envelope(
        id=str(uuid7()),
        source="/notifications",
        type=TEST_EVENT,
        subject=endpoint.id,
        time=envelope_time,
        sequence=1,
        data={"endpoint_id": endpoint.id, "organization_id": endpoint.organization_id, "message": "It works."},
    )


async def record_test(tx: Transaction, *, endpoint: Row[Any], event: Envelope, answer: Answer) -> Row[Any]:
    """Keep how the endpoint answered the test, among its deliveries."""
    statement = insert(deliveries).values(
        id=new_id("dlv"),
        endpoint_id=endpoint.id,
        event_id=event.id,
        event_type=event.type,
        body=body_of(event),
        is_repeat=True,
        status="delivered" if answer.is_good else "failed",
        attempts=1,
        next_attempt_at=tx.now,
        response_status=answer.status,
        response_body=answer.body or None,
        error=answer.error,
        duration_ms=answer.duration_ms,
        created_at=tx.now,
        delivered_at=tx.now if answer.is_good else None,
    )
    return await tx.one(statement.returning(deliveries))
