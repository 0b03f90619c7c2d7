"""Give an endpoint a new signing secret while the old one lives on for a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, update

from chassis.db.transaction import Transaction
from notifications.webhooks.models import endpoints
from notifications.webhooks.sealing import Seal
from notifications.webhooks.signing import new_secret

OVERLAP = timedelta(hours=24)


async def rotate_secret(tx: Transaction, seal: Seal, *, endpoint: Row[Any]) -> tuple[Row[Any], str]:
    """Answers the endpoint with its new secret. Until the overlap ends (real time) deliveries carry both signatures."""
    secret = new_secret()
    statement = (
        update(endpoints)
        .where(endpoints.c.id == endpoint.id)
        .values(
            secret=seal.close(secret),
            previous_secret=endpoints.c.secret,
            previous_secret_until=datetime.now(UTC) + OVERLAP,
            updated_at=tx.now,
        )
    )
    return await tx.one(statement.returning(endpoints)), secret
