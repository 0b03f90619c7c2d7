"""Change an endpoint, switch it off or on."""

from typing import Any

from sqlalchemy import Row, update

from chassis.db.transaction import Transaction
from notifications.webhooks.models import deliveries, endpoints
from notifications.webhooks.store import DELIVER


async def change(tx: Transaction, *, endpoint: Row[Any], wanted: dict[str, Any]) -> Row[Any]:
    """Store what is `wanted`. Switched on again, the endpoint gets what waited, at once and in order."""
    values = dict(wanted)
    match values.get("status"):
        case "disabled" if endpoint.status != "disabled":
            values["disabled_reason"] = "manual"
        case "enabled":
            tx.rouse(DELIVER)
            values |= {"disabled_reason": None, "refused_in_a_row": 0}
            await tx.execute(
                update(deliveries)
                .where(deliveries.c.endpoint_id == endpoint.id, deliveries.c.status == "pending")
                .values(next_attempt_at=tx.now, attempts=0)
            )
    statement = update(endpoints).where(endpoints.c.id == endpoint.id).values(updated_at=tx.now, **values)
    return await tx.one(statement.returning(endpoints))
