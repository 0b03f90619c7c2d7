"""Deliveries start when they are queued, and when their time has come; old ones are forgotten."""

from datetime import timedelta
from typing import Any

from chassis.timer import Jobs
from notifications.webhooks.models import deliveries
from notifications.webhooks.store import DELIVER

jobs = Jobs()

KEPT_DAYS = 30


@jobs.every(DELIVER, seconds=0.5)
async def deliver(runtime: Any) -> None:
    """Start what is due."""
    await runtime.edges.postman.look()


@jobs.every("webhooks.forget", seconds=3600)
async def forget(runtime: Any) -> None:
    """Delete deliveries that were made or given up a month ago."""
    async with runtime.database.transaction() as tx:
        oldest = tx.now - timedelta(days=KEPT_DAYS)
        await tx.execute(deliveries.delete().where(deliveries.c.created_at < oldest, deliveries.c.status != "pending"))
