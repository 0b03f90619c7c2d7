"""Take due mails off the queue and hand them over, several at once; record every answer before it can be lost.

A mail leaves once. Only a crash between the mail server's taking it and our recording that leaves a doubt; then the
same mail goes again under the same Message-ID (or waits for an operator, where `on_uncertain` says `hold`).
"""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from chassis.ops.logging import get_logger
from chassis.ops.tasks import outlast
from notifications.delivery.links import ActionLink
from notifications.delivery.outbound import Outbound
from notifications.delivery.rules import Handover, is_too_old, judge, next_attempt, recipient_hash
from notifications.messages import store
from notifications.messages.lease import Lease
from notifications.messages.prepare import NotReady, Ready, barred, content_of, fetch_links, prepare
from notifications.messages.record import Recorder
from notifications.templates.render import Rendered

log = get_logger(__name__)

BATCH_SECONDS = 10
"""After so long what is left of a batch is given back: urgent mails are not kept waiting, and links leave fresh."""


async def deliver_due(runtime: Any) -> int:
    """Hand over what is due, batch by batch, until nothing is; how many mails were tried."""
    outbound: Outbound = runtime.edges.mail
    total = 0
    async with runtime.database.transaction() as tx:
        lease = timedelta(seconds=runtime.settings.delivery_lease_seconds)
        if lost := await store.requeue_lost(tx, lease=lease):
            log.warning("messages.taken_up_again", count=lost)
    while outbound.traffic.is_open:
        batch = await _take(runtime)
        if batch is None:
            break
        total += await batch.run()
    return total


async def _take(runtime: Any) -> "_Batch | None":
    """The next batch; a small one while nobody knows whether the mail server is there, so that few links are made."""
    settings, outbound = runtime.settings, runtime.edges.mail
    wanted = settings.delivery_batch if outbound.traffic.is_flowing else settings.smtp_sessions
    limit = int(min(wanted, outbound.traffic.fit_into(BATCH_SECONDS)))
    lease = Lease(runtime.database, seconds=settings.delivery_lease_seconds)
    async with runtime.database.transaction() as tx:
        rows = await store.claim(tx, token=lease.token, limit=limit, lease=lease.duration)
        return _Batch(runtime, rows, await barred(tx, rows), lease) if rows else None


class _Batch:
    def __init__(self, runtime: Any, rows: list[Row[Any]], not_ready: Mapping[str, NotReady], lease: Lease) -> None:
        self._runtime = runtime
        self._out: Outbound = runtime.edges.mail
        self._rows = rows
        self._waiting = deque(rows)
        self._barred = not_ready
        self._links: Mapping[str, ActionLink] = {}
        self._lease = lease
        self._recorder = Recorder(runtime.database, lease.token)
        self._ends_at = time.monotonic() + BATCH_SECONDS
        self._is_stopping = False
        self._tried = 0

    async def run(self) -> int:
        """Try every mail of the batch; give back what there was no time for."""
        self._out.traffic.begin()
        work = asyncio.ensure_future(self._run())
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self._is_stopping = True
            await work
            raise
        finally:
            if work.done():
                self._out.traffic.end()
        return self._tried

    async def _run(self) -> None:
        keeping = asyncio.create_task(self._lease.keep([row.id for row in self._rows]))
        try:
            leaving = [row for row in self._rows if row.id not in self._barred]
            self._links = await fetch_links(self._out.links, leaving)
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._runtime.settings.smtp_sessions, len(self._waiting))):
                    group.create_task(self._work())
        finally:
            await self._recorder.finish()
            if self._waiting:
                ids = [row.id for row in self._waiting]
                async with self._runtime.database.transaction() as tx:
                    await store.release(tx, ids=ids, token=self._lease.token)
            keeping.cancel()
            await outlast([keeping])

    async def _work(self) -> None:
        """One mail after the other, each when the last one's ending is recorded.

        Between the wire and the record a crash leaves a doubt: no more mails are there than there are connections.
        """
        while self._waiting and self._may_go_on:
            row = self._waiting.popleft()
            if not self._lease.has_lost(row.id):
                self._tried += 1
                await self._recorder.put(await self._try(row))

    @property
    def _may_go_on(self) -> bool:
        has_time = self._lease.is_fresh and time.monotonic() < self._ends_at
        return has_time and self._out.traffic.is_open and not self._is_stopping

    async def _try(self, row: Row[Any]) -> store.Ending:
        try:
            ready = self._barred.get(row.id) or prepare(self._out, row, self._links.get(row.id))
            return self._keep_back(row, ready) if isinstance(ready, NotReady) else await self._hand_over(row, ready)
        except Exception as error:
            log.exception("message.not_tried", message_id=row.id, reason=type(error).__name__)
            return self._try_again(row, "internal_error")

    def _keep_back(self, row: Row[Any], not_ready: NotReady) -> store.Ending:
        verdict = not_ready.verdict
        if verdict.status == "queued":
            return self._try_again(row, verdict.reason)
        handover = Handover("unreachable", text=not_ready.detail) if not_ready.detail else None
        return self._end(row, verdict.status, verdict.reason, handover)

    async def _hand_over(self, row: Row[Any], ready: Ready) -> store.Ending:
        if row.on_uncertain == "hold":
            async with self._runtime.database.transaction() as tx:
                await store.mark_handed_over(tx, message_id=row.id, token=self._lease.token)
        await self._out.traffic.pace()
        content = content_of(self._out, row, ready.with_link, written_at=self._runtime.clock.now())
        handover = await self._out.mailer.hand_over(
            sender=self._out.brand.sender_address, recipient=row.to_address, content=content
        )
        self._notice(handover)
        verdict = judge(handover, on_uncertain=row.on_uncertain)
        if verdict.status == "queued":
            return self._try_again(row, verdict.reason, handover)
        ending = self._end(row, verdict.status, verdict.reason, handover, ready.rendered)
        return replace(ending, is_hard_bounce=verdict.is_hard_bounce)

    def _notice(self, handover: Handover) -> None:
        if handover.kind == "unreachable" or handover.phase == "connect":
            log.warning("mail_server.unreachable", reason=handover.text[:200])
            self._out.traffic.rest()
        else:
            self._out.traffic.flows()

    def _try_again(self, row: Row[Any], reason: str | None, handover: Handover | None = None) -> store.Ending:
        now = self._runtime.clock.now()
        lifetime = timedelta(hours=self._runtime.settings.message_lifetime_hours)
        if is_too_old(row.queued_at, now, lifetime):
            return self._end(row, "failed", reason, handover)
        log.info("message.retried", message_id=row.id, attempts=row.attempts, reason=reason)
        return store.Ending(row, "queued", reason, next_attempt(row.attempts, now, reason=reason), handover)

    def _end(
        self,
        row: Row[Any],
        status: str,
        reason: str | None,
        handover: Handover | None = None,
        rendered: Rendered | None = None,
    ) -> store.Ending:
        log.info(
            f"message.{status}",
            message_id=row.id,
            template=row.template,
            recipient=recipient_hash(row.to_address),
            reason=reason,
        )
        return store.Ending(row, status, reason, self._runtime.clock.now(), handover, rendered)
