"""Housekeeping."""

from sqlalchemy import func, select, text

from chassis.upkeep import clean_up, measure
from tests.harness.service import RunningService


async def test_old_rows_are_forgotten_and_young_ones_kept(sample: RunningService) -> None:
    database = sample.runtime.database
    async with database.transaction() as tx:
        await tx.execute(
            text(
                "INSERT INTO inbox (consumer, event_id, received_at) VALUES "
                "('sample-shop', 'old', now() - interval '60 days'), ('sample-shop', 'young', now())"
            )
        )

    await measure(sample.runtime)
    await clean_up(sample.runtime)

    inbox = database.tables.inbox
    async with database.read() as reader:
        kept = await reader.scalar(select(func.count()).where(inbox.c.event_id.in_(("old", "young"))))
    assert kept == 1
