"""Hears from identity what has ended before its tokens do, from fifteen minutes back at start-up."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from chassis.auth.revocations import LONGEST_TOKEN_LIFE, Revocations
from chassis.bus.connection import Bus
from chassis.bus.pull import Pull
from chassis.bus.topology import ensure_stream, stream_name
from chassis.ops.logging import get_logger

log = get_logger(__name__)

KEYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "identity.session.ended.v1": lambda data: f"sid:{data['session_id']}",
    "identity.account.disabled.v1": lambda data: f"sub:{data['account_id']}",
    "identity.access.revoked.v1": lambda data: f"jti:{data['token_id']}",
    "identity.client.disabled.v1": lambda data: f"client:{data['client_id']}",
}


class RevocationListener:
    """Keeps `Revocations` current. Every process has its own: each must hear everything."""

    def __init__(self, bus: Bus, revocations: Revocations) -> None:
        self._bus = bus
        self._revocations = revocations
        self.on_revoked: Callable[[str, dict[str, Any]], Any] = lambda event_type, data: None

    async def run(self) -> None:
        """Listen for ever."""
        while True:
            try:
                await self._follow()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("revocations.delayed", reason=repr(error)[:200])
                await asyncio.sleep(0.5)

    async def _follow(self) -> None:
        js = self._bus.js
        await ensure_stream(js, "identity")
        made = await js.add_consumer(stream_name("identity"), config=_from_fifteen_minutes_back())
        async with Pull(self._bus, stream=stream_name("identity"), consumer=made.name) as deliveries:
            while True:
                for message in await deliveries.take():
                    self._hear(message)
                    await message.ack()

    def _hear(self, message: Any) -> None:
        envelope = orjson.loads(message.data)
        key = KEYS[envelope["type"]](envelope["data"])
        self._revocations.revoke(key, message.metadata.timestamp.timestamp())
        self.on_revoked(envelope["type"], envelope["data"])


def _from_fifteen_minutes_back() -> ConsumerConfig:
    """Every ending a token that is still good may have had. Acknowledged one by one: a lost one comes again."""
    return ConsumerConfig(
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=2,
        filter_subjects=sorted(KEYS),
        inactive_threshold=60,
        deliver_policy=DeliverPolicy.BY_START_TIME,
        opt_start_time=datetime.now(UTC) - timedelta(seconds=LONGEST_TOKEN_LIFE),
    )
