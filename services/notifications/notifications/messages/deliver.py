"""Take due mails off the queue and hand them over, several at once; record every answer before it can be lost.

A mail leaves once. Only a crash between the mail server's taking it and our recording that leaves a doubt; then the
same mail goes again under the same Message-ID (or waits for an operator, where `on_uncertain` says `hold`).
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Row

from chassis.db.transaction import Reader
from chassis.kernel.errors import Unavailable
from chassis.kernel.ids import new_id
from chassis.ops.logging import get_logger
from notifications.delivery.links import ActionLink
from notifications.delivery.mime import Letter, to_bytes
from notifications.delivery.outbound import Outbound
from notifications.delivery.rules import Handover, is_too_old, judge, message_id, next_attempt, recipient_hash
from notifications.messages import store
from notifications.messages.record import Recorder
from notifications.preferences.queries import unwanted
from notifications.suppressions.queries import suppressed_among
from notifications.templates.catalog import catalog
from notifications.templates.formatting import language_of
from notifications.templates.render import ACTION_LINK, NotRenderable, Rendered

log = get_logger(__name__)

T = TypeVar("T")


async def deliver_due(runtime: Any) -> int:
    """Hand over what is due, batch by batch, until nothing is; how many mails were tried."""
    outbound: Outbound = runtime.edges.mail
    total = 0
    async with runtime.database.transaction() as tx:
        if lost := await store.requeue_lost(tx):
            log.warning("messages.taken_up_again", count=lost)
    while outbound.traffic.is_open:
        batch = await _take(runtime)
        if batch is None:
            break
        total += await batch.run()
    return total


async def _take(runtime: Any) -> "_Batch | None":
    settings = runtime.settings
    token = new_id("lease")
    lease = timedelta(seconds=settings.delivery_lease_seconds)
    taken_at = time.monotonic()
    async with runtime.database.transaction() as tx:
        rows = await store.claim(tx, token=token, limit=settings.delivery_batch, lease=lease)
        if not rows:
            return None
        barred = await _barred(tx, rows)
    return _Batch(runtime, rows, barred, token=token, start_until=taken_at + settings.delivery_lease_seconds / 2)


async def _barred(reader: Reader, rows: list[Row[Any]]) -> dict[str, tuple[str, str]]:
    """The mails that must not leave, with status and reason."""
    suppressed = await suppressed_among(reader, {row.to_address for row in rows})
    categories = {row.id: (row.to_address, catalog()[row.template].category) for row in rows}
    declined = await unwanted(reader, set(categories.values()))
    barred: dict[str, tuple[str, str]] = {}
    for row in rows:
        if row.expires_at is not None and row.expires_at <= reader.now:
            barred[row.id] = ("failed", "expired")
        elif row.to_address in suppressed:
            barred[row.id] = ("suppressed", "recipient_suppressed")
        elif categories[row.id] in declined:
            barred[row.id] = ("suppressed", "not_wanted")
    return barred


@dataclass(frozen=True, slots=True)
class _Ready:
    """A mail that can leave; the link is in no record of it."""

    rendered: Rendered
    url: str | None

    @property
    def with_link(self) -> Rendered:
        return self.rendered.with_action_link(self.url) if self.url else self.rendered


class _Batch:
    def __init__(
        self,
        runtime: Any,
        rows: list[Row[Any]],
        barred: dict[str, tuple[str, str]],
        *,
        token: str,
        start_until: float,
    ) -> None:
        self._runtime = runtime
        self._out: Outbound = runtime.edges.mail
        self._waiting = deque(rows)
        self._barred = barred
        self._token = token
        self._start_until = start_until
        self._recorder = Recorder(runtime.database, token)
        # Between the wire and the record a crash leaves a doubt: no more mails are there than there are connections.
        self._wire = asyncio.Semaphore(runtime.settings.smtp_sessions)
        self._tried = 0

    async def run(self) -> int:
        """Try every mail of the batch; give back what there was no time for."""
        self._out.traffic.begin()
        work = asyncio.ensure_future(self._run())
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self._start_until = 0.0
            await work
            raise
        finally:
            if work.done():
                self._out.traffic.end()
        return self._tried

    async def _run(self) -> None:
        workers = min(self._runtime.settings.smtp_sessions * 2, len(self._waiting))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(self._work())
        finally:
            await self._recorder.finish()
            if self._waiting:
                ids = [row.id for row in self._waiting]
                async with self._runtime.database.transaction() as tx:
                    await store.release(tx, ids=ids, token=self._token)

    async def _work(self) -> None:
        """Prepare a mail while others are on the wire; take the next one when this one's ending is recorded."""
        while self._waiting and self._out.traffic.is_open and time.monotonic() < self._start_until:
            row = self._waiting.popleft()
            self._tried += 1
            ready = await self._or_keep(row, self._prepare(row))
            if isinstance(ready, store.Ending):
                await self._recorder.put(ready)
                continue
            async with self._wire:
                await self._recorder.put(await self._or_keep(row, self._hand_over(row, ready)))

    async def _or_keep(self, row: Row[Any], step: Coroutine[Any, Any, T]) -> T | store.Ending:
        try:
            return await step
        except Exception as error:
            log.exception("message.not_tried", message_id=row.id, reason=type(error).__name__)
            return self._try_again(row, "internal_error")

    async def _prepare(self, row: Row[Any]) -> "_Ready | store.Ending":
        if row.id in self._barred:
            return self._end(row, *self._barred[row.id])
        try:
            link = await self._action_link(row)
        except Unavailable as error:
            log.warning("message.waits_for_identity", message_id=row.id, reason=error.detail)
            return self._try_again(row, "identity_unavailable")
        if link is not None and _is_pointless(row, link):
            return self._end(row, "suppressed", "nothing_to_do")
        try:
            rendered = self._render(row, link)
        except NotRenderable as error:
            log.error("message.not_renderable", message_id=row.id, template=row.template, reason=str(error))
            return self._end(row, "held", "not_renderable", Handover("unreachable", text=str(error)[:500]))
        return _Ready(rendered, link.url if link else None)

    async def _action_link(self, row: Row[Any]) -> ActionLink | None:
        """The one-time link, made now; None when the mail needs none."""
        if row.link is None:
            return None
        return await self._out.links.fetch(email=row.to_address, name=row.to_name, locale=row.locale, request=row.link)

    def _render(self, row: Row[Any], link: ActionLink | None) -> Rendered:
        """In the language of an active account's owner, who chose it, rather than in the one that the event knew."""
        has_chosen = link is not None and link.status == "active" and link.locale
        return self._out.renderer.render(
            catalog()[row.template],
            locale=link.locale if has_chosen else row.locale,
            data=row.data,
            name=row.to_name or (link.name if link else None),
            action_url=ACTION_LINK if link and link.url else "",
        )

    async def _hand_over(self, row: Row[Any], ready: "_Ready") -> store.Ending:
        if row.on_uncertain == "hold":
            async with self._runtime.database.transaction() as tx:
                await store.mark_handed_over(tx, message_id=row.id, token=self._token)
        await self._out.traffic.pace()
        content = to_bytes(self._letter(row, ready.with_link))
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

    def _letter(self, row: Row[Any], rendered: Rendered) -> Letter:
        brand = self._out.brand
        return Letter(
            sender_name=brand.sender_name,
            sender_address=brand.sender_address,
            recipient_name=row.to_name,
            recipient_address=row.to_address,
            reply_to=brand.support_email,
            subject=rendered.subject,
            language=language_of(row.locale),
            message_id=message_id(row.dedupe_key, self._out.message_id_domain),
            written_at=self._runtime.clock.now(),
            text=rendered.text,
            html=rendered.html,
        )

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


def _is_pointless(row: Row[Any], link: ActionLink) -> bool:
    """Whether there is nothing left to do for the reader."""
    return link.status == "disabled" or (link.url is None and row.link["required"])
