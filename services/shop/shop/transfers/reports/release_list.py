"""What the old shop's operators must switch off, or on again after a roll-back."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import select

from chassis.db.transaction import Database
from shop.transfers.models import releases

BATCH = 500


async def release_rows(database: Database, wave_id: str) -> AsyncIterator[list[Any]]:
    """One row per subscription, in the order in which it was asked for."""
    last = 0
    while True:
        statement = select(releases).where(releases.c.wave_id == wave_id, releases.c.id > last)
        async with database.read() as reader:
            rows = await reader.all(statement.order_by(releases.c.id).limit(BATCH))
        if not rows:
            return
        last = rows[-1].id
        for row in rows:
            for item in row.subscriptions:
                yield [
                    row.action,
                    row.legacy_customer_id,
                    item["legacy_id"],
                    item["number"],
                    row.fence,
                    row.asked_at.isoformat(),
                    row.acknowledged_at.isoformat() if row.acknowledged_at else "",
                ]
