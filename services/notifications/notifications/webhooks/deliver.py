"""Deliver to each endpoint one event after the other; endpoints do not wait for each other."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import Row, select, update

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from chassis.ops.logging import get_logger
from notifications.messages.queries import as_addressed_last
from notifications.messages.queue import Order, Recipient, queue
from notifications.webhooks import store
from notifications.webhooks.guard import NotAllowed, Policy, resolve
from notifications.webhooks.models import deliveries, endpoints
from notifications.webhooks.rules import DISABLED_AFTER, REFUSED_AFTER, is_refusal, next_attempt
from notifications.webhooks.sealing import Seal
from notifications.webhooks.signing import signature_headers

log = get_logger(__name__)

AT_ONCE = 16
LONGEST_ANSWER = 2000
GONE = 410


@dataclass(frozen=True)
class Answer:
    """How an endpoint answered; `status` None when it did not."""

    status: int | None
    body: str
    error: str | None
    duration_ms: int

    @property
    def is_good(self) -> bool:
        """Whether the event was taken (2xx)."""
        return self.status is not None and 200 <= self.status < 300


class Postman:
    """Keeps one task per endpoint that has something due."""

    def __init__(self, runtime: Any, http: httpx.AsyncClient) -> None:
        self._runtime = runtime
        self._http = http
        self._seal = Seal(runtime.settings.secrets_key)
        self._policy = Policy.of(runtime.platform, allow_private=runtime.settings.webhook_allow_private)
        self._rounds: dict[str, asyncio.Task[None]] = {}
        self._is_stopping = False

    async def look(self) -> None:
        """Start a round for every endpoint with something due."""
        room = AT_ONCE - len(self._rounds)
        if self._is_stopping or room <= 0:
            return
        token = new_id("lease")
        async with self._runtime.database.transaction() as tx:
            due = await store.claim_due(tx, token=token, limit=room)
        for endpoint_id in due:
            task = asyncio.create_task(self._round(endpoint_id, token))
            self._rounds[endpoint_id] = task
            task.add_done_callback(lambda _, endpoint_id=endpoint_id: self._rounds.pop(endpoint_id, None))

    async def stop(self) -> None:
        """Finish the deliveries that have begun."""
        self._is_stopping = True
        await asyncio.gather(*self._rounds.values(), return_exceptions=True)

    async def send(self, endpoint: Row[Any], *, event_id: str, body: str) -> Answer:
        """Send one event now, signed with every live secret; raises nothing."""
        started = time.monotonic()
        status, answer, error = None, "", None
        try:
            target = await resolve(endpoint.url, self._policy)
            content = body.encode()
            headers = signature_headers(
                keys=self._live_secrets(endpoint), event_id=event_id, sent_at=datetime.now(UTC), body=content
            )
            headers |= {"Content-Type": "application/json", "Host": target.host, "User-Agent": "portico-webhooks/1"}
            sni = {"sni_hostname": target.parts.hostname}
            async with self._http.stream(
                "POST", target.url, content=content, headers=headers, extensions=sni
            ) as response:
                status, answer = response.status_code, await _beginning(response)
        except NotAllowed as refusal:
            error = str(refusal)
        except (httpx.HTTPError, OSError, ValueError) as failure:
            error = f"{type(failure).__name__}: {failure}"[:500]
        return Answer(status, answer, error, int((time.monotonic() - started) * 1000))

    def _live_secrets(self, endpoint: Row[Any]) -> list[str]:
        sealed = [endpoint.secret]
        if endpoint.previous_secret is not None and endpoint.previous_secret_until > datetime.now(UTC):
            sealed.append(endpoint.previous_secret)
        return [self._seal.open(secret) for secret in sealed]

    async def _round(self, endpoint_id: str, token: str) -> None:
        database = self._runtime.database
        try:
            while not self._is_stopping and await self._deliver_next(endpoint_id, token):
                continue
        except Exception as error:
            log.warning("webhook.round_failed", endpoint_id=endpoint_id, reason=repr(error)[:300])
        finally:
            async with database.transaction() as tx:
                await store.release(tx, endpoint_id=endpoint_id, token=token)

    async def _deliver_next(self, endpoint_id: str, token: str) -> bool:
        """Try the oldest pending delivery; False when none is due or the endpoint needs a rest."""
        database = self._runtime.database
        async with database.transaction() as tx:
            delivery = await store.next_delivery(tx, endpoint_id=endpoint_id)
            if delivery is None or not await store.renew(tx, endpoint_id=endpoint_id, token=token):
                return False
            endpoint = await tx.one(select(endpoints).where(endpoints.c.id == endpoint_id))
        answer = await self.send(endpoint, event_id=delivery.event_id, body=delivery.body)
        async with database.transaction() as tx:
            return await conclude(tx, endpoint, delivery, answer)


async def conclude(tx: Transaction, endpoint: Row[Any], delivery: Row[Any], answer: Answer) -> bool:
    """Record how a delivery was answered; True when the next one may follow at once."""
    attempts = delivery.attempts + 1
    outcome: dict[str, Any] = {
        "attempts": attempts,
        "response_status": answer.status,
        "response_body": answer.body or None,
        "error": answer.error,
        "duration_ms": answer.duration_ms,
    }
    if answer.is_good:
        await _store(tx, delivery, outcome | {"status": "delivered", "delivered_at": tx.now})
        await _count_refusals(tx, endpoint, 0)
        return True
    log.info("webhook.refused", endpoint_id=endpoint.id, status=answer.status, attempts=attempts)
    if is_refusal(answer.status) and answer.status != GONE and attempts >= REFUSED_AFTER:
        await _store(tx, delivery, outcome | {"status": "failed"})
        await _count_refusals(tx, endpoint, endpoint.refused_in_a_row + 1)
        if endpoint.refused_in_a_row + 1 < DISABLED_AFTER:
            return True
        await _switch_off(tx, endpoint, answer, reason="failing")
        return False
    again_at = next_attempt(attempts, tx.now)
    await _store(tx, delivery, outcome | {"next_attempt_at": again_at or tx.now})
    if answer.status == GONE or again_at is None:
        await _switch_off(tx, endpoint, answer, reason="gone" if answer.status == GONE else "failing")
    return False


async def _store(tx: Transaction, delivery: Row[Any], values: dict[str, Any]) -> None:
    await tx.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))


async def _count_refusals(tx: Transaction, endpoint: Row[Any], count: int) -> None:
    if endpoint.refused_in_a_row != count:
        await tx.execute(update(endpoints).where(endpoints.c.id == endpoint.id).values(refused_in_a_row=count))


async def _switch_off(tx: Transaction, endpoint: Row[Any], answer: Answer, *, reason: str) -> None:
    log.warning("webhook.switched_off", endpoint_id=endpoint.id, reason=reason)
    await tx.execute(
        update(endpoints)
        .where(endpoints.c.id == endpoint.id)
        .values(status="disabled", disabled_reason=reason, updated_at=tx.now)
    )
    if endpoint.contact_email is None:
        return
    contact = Recipient(email=endpoint.contact_email, name=None, locale=endpoint.contact_locale)
    last_error = answer.error or f"HTTP {answer.status}"
    waiting = await store.pending_count(tx, endpoint_id=endpoint.id)
    await queue(
        tx,
        Order(
            template="webhook-disabled",
            occasion=f"{endpoint.id}:{tx.now.isoformat()}",
            recipient=await as_addressed_last(tx, endpoint.contact_email) or contact,
            data={"url": endpoint.url, "last_error": last_error, "waiting": waiting},
            correlation=f"webhook:{endpoint.id}",
            organization_id=endpoint.organization_id,
        ),
    )


async def _beginning(response: httpx.Response) -> str:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) >= LONGEST_ANSWER:
            break
    return content[:LONGEST_ANSWER].decode(errors="replace").replace("\x00", "")
