"""Publishes the outbox: in order, at least once to the stream, marked only after the stream's acknowledgement."""

import asyncio
from typing import Any

import orjson
from nats.js.errors import APIError, NotFoundError
from sqlalchemy import func, select, text, update

from chassis.bus.connection import Bus
from chassis.bus.topology import ensure_stream, stream_name
from chassis.db.transaction import Database, Transaction
from chassis.ops import metrics
from chassis.ops.logging import get_logger

log = get_logger(__name__)

BATCH = 500
IDLE_SECONDS = 0.5
PUBLISH_TIMEOUT = 10
GUARD_SECONDS = 60.0


NOTE_PUBLISHED = text(
    "UPDATE outbox o SET published_at = now(), stream_seq = p.position "
    "FROM unnest(CAST(:seqs AS bigint[]), CAST(:positions AS bigint[])) AS p(seq, position) WHERE o.seq = p.seq"
)


class Relay:
    """Moves a service's committed events to its stream. Row locks make a second relay harmless."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._wake = asyncio.Event()
        self._stream = stream_name(database.service)
        self._guarded_at = float("-inf")

    def wake(self) -> None:
        """There is something to publish."""
        self._wake.set()

    async def run(self) -> None:
        """Publish for ever; a broker that is away only delays."""
        while True:
            self._wake.clear()
            try:
                await self._guard_when_due()
                published = await self.publish_batch()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("relay.delayed", reason=type(error).__name__, detail=repr(error)[:200])
                self._guarded_at = float("-inf")
                await asyncio.sleep(IDLE_SECONDS)
                continue
            if published < BATCH:
                await self._rest()

    async def publish_batch(self) -> int:
        """Publish up to one batch of pending events, oldest first; how many were."""
        outbox = self._database.tables.outbox
        pending = (
            select(outbox.c.seq, outbox.c.id, outbox.c.type, outbox.c.envelope)
            .where(outbox.c.published_at.is_(None))
            .order_by(outbox.c.seq)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        async with self._database.transaction(actor="system:relay") as tx:
            rows = await tx.all(pending)
            if rows:
                await self._publish(tx, rows)
        return len(rows)

    async def _publish(self, tx: Transaction, rows: list[Any]) -> None:
        js = self._bus.js
        async with asyncio.timeout(PUBLISH_TIMEOUT), asyncio.TaskGroup() as group:
            sending = [group.create_task(self._send(js, row)) for row in rows]
        params = {"seqs": [row.seq for row in rows], "positions": [task.result().seq for task in sending]}
        await tx.execute(NOTE_PUBLISHED, params)
        for row in rows:
            metrics.outbox_published.labels(row.type).inc()

    async def _send(self, js: Any, row: Any) -> Any:
        headers = {"Nats-Msg-Id": row.id, "Content-Type": "application/cloudevents+json"}
        return await js.publish(row.type, row.envelope, stream=self._stream, headers=headers, timeout=PUBLISH_TIMEOUT)

    async def _rest(self) -> None:
        """Until somebody wakes us: also who did since we last looked."""
        try:
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        except TimeoutError:
            await self._measure()

    async def _measure(self) -> None:
        outbox = self._database.tables.outbox
        counts = select(
            func.count(), func.coalesce(func.extract("epoch", func.now() - func.min(outbox.c.created_at)), 0)
        ).where(outbox.c.published_at.is_(None))
        async with self._database.read() as reader:
            pending, age = (await reader.all(counts))[0]
        metrics.outbox_pending.labels(self._database.service).set(pending)
        metrics.outbox_oldest_age.labels(self._database.service).set(float(age))

    async def _guard_when_due(self) -> None:
        """Publish again what a stream has lost (a new stream, a truncated one): the outbox is the truth."""
        now = asyncio.get_running_loop().time()
        if now - self._guarded_at < GUARD_SECONDS:
            return
        await ensure_stream(self._bus.js, self._database.service)
        lost_after = await self._last_position_kept()
        if lost_after is not None:
            await self._publish_again(after=lost_after)
        self._guarded_at = now

    async def _last_position_kept(self) -> int | None:
        """The stream position after which our events are missing; None when the newest one is where it should be."""
        outbox = self._database.tables.outbox
        newest = (
            select(outbox.c.id, outbox.c.stream_seq)
            .where(outbox.c.published_at.is_not(None))
            .order_by(outbox.c.stream_seq.desc())
        )
        async with self._database.read() as reader:
            row = await reader.first(newest.limit(1))
            if row is None or await self._is_kept(row):
                return None
            rows = await reader.all(newest.limit(100_000))
        return await self._boundary(rows)

    async def _boundary(self, newest_first: list[Any]) -> int:
        low, high = 0, len(newest_first)
        while low < high:
            middle = (low + high) // 2
            if await self._is_kept(newest_first[middle]):
                high = middle
            else:
                low = middle + 1
        return newest_first[low].stream_seq if low < len(newest_first) else 0

    async def _is_kept(self, row: Any) -> bool:
        try:
            info = await self._bus.js.stream_info(self._stream)
            if row.stream_seq < info.state.first_seq and info.state.first_seq > 1:
                return True
            message = await self._bus.js.get_msg(self._stream, row.stream_seq, direct=True)
        except (NotFoundError, APIError):
            return False
        return orjson.loads(message.data or b"{}").get("id") == row.id

    async def _publish_again(self, *, after: int) -> None:
        outbox = self._database.tables.outbox
        async with self._database.transaction(actor="system:relay") as tx:
            await tx.execute(
                update(outbox)
                .where(outbox.c.published_at.is_not(None), outbox.c.stream_seq > after)
                .values(published_at=None, stream_seq=None)
            )
        metrics.relay_guard_resets.labels(self._database.service).inc()
        log.error("relay.stream_lost_events", after=after)
