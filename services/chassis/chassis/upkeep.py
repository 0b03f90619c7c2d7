"""Every service's housekeeping: numbers that operators watch, and rows that have served their time."""

from datetime import timedelta
from typing import Any

from sqlalchemy import CTE, Delete, Table, delete, func, select

from chassis.db.transaction import Reader
from chassis.ops import metrics
from chassis.timer import Jobs

jobs = Jobs()

OUTBOX_KEPT = timedelta(days=35)
INBOX_KEPT = timedelta(days=45)
ANSWERS_KEPT = timedelta(days=1)
JOBS_KEPT = timedelta(days=90)
BATCH = 5000


@jobs.every("chassis.measure", seconds=5)
async def measure(runtime: Any) -> None:
    """How many parked events wait, and how late the oldest due job is."""
    tables, name = runtime.database.tables, runtime.service.name
    async with runtime.database.read() as reader:
        parked = select(func.count()).select_from(tables.dead_letters).where(tables.dead_letters.c.state == "open")
        metrics.dead_letters_open.labels(name).set(await reader.scalar(parked))
        metrics.job_oldest_due_age.labels(name).set(await _oldest_due_age(reader, tables.jobs))


@jobs.every("chassis.clean_up", seconds=600)
async def clean_up(runtime: Any) -> None:
    """Forget, in batches: events published and handled long ago, answers a day old, jobs long done.

    The inbox outlives the outbox, and the outbox the stream (30 days): an event that is published again is recognised.
    """
    tables = runtime.database.tables
    outbox, inbox, keys, known = tables.outbox, tables.inbox, tables.idempotency_keys, tables.jobs
    await _delete(runtime, outbox, outbox.c.published_at < func.now() - OUTBOX_KEPT, [outbox.c.seq])
    await _delete(runtime, inbox, inbox.c.received_at < func.now() - INBOX_KEPT, [inbox.c.consumer, inbox.c.event_id])
    await _delete(runtime, keys, keys.c.started_at < func.now() - ANSWERS_KEPT, [keys.c.owner, keys.c.key])
    finished = known.c.state.in_(("done", "skipped", "cancelled")) & (known.c.created_at < func.now() - JOBS_KEPT)
    await _delete(runtime, known, finished, [known.c.id])


async def _oldest_due_age(reader: Reader, table: Table) -> float:
    oldest = await reader.scalar(
        select(func.min(table.c.due_at)).where(table.c.state == "pending", table.c.due_at <= reader.now)
    )
    return 0.0 if oldest is None else (reader.now - oldest).total_seconds()


async def _delete(runtime: Any, table: Table, condition: Any, key: list[Any]) -> None:
    while True:
        async with runtime.database.transaction(actor="system:clean-up") as tx:
            removed = (await tx.execute(_batch(table, condition, key))).rowcount
        if removed < BATCH:
            return


def _batch(table: Table, condition: Any, key: list[Any]) -> Delete:
    doomed: CTE = select(*key).where(condition).limit(BATCH).with_for_update(skip_locked=True).cte("doomed")
    matches = [column == doomed.c[column.name] for column in key]
    return delete(table).where(*matches)
