"""Hears from identity which sessions, accounts and clients have ended, from fifteen minutes back at start-up."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import nats
import orjson
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from chassis.auth.revocations import LONGEST_TOKEN_LIFE, Revocations
from chassis.bus.connection import Bus
from chassis.bus.topology import ensure_stream, stream_name
from chassis.ops.logging import get_logger

log = get_logger(__name__)

KEYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "identity.session.ended.v1": lambda data: f"sid:{data['session_id']}",
    "identity.account.disabled.v1": lambda data: f"sub:{data['account_id']}",
    "identity.client.disabled.v1": lambda data: f"client:{data['client_id']}",
}


class RevocationListener:
    """Keeps `Revocations` current. Every process has its own: each must hear everything."""

    def __init__(self, bus: Bus, revocations: Revocations) -> None:
        self._bus = bus
        self._revocations = revocations
        self._position = 0
        self.has_caught_up = False
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
        config = ConsumerConfig(
            ack_policy=AckPolicy.NONE,
            filter_subjects=sorted(KEYS),
            inactive_threshold=60,
            deliver_policy=DeliverPolicy.BY_START_TIME,
            opt_start_time=datetime.now(UTC) - timedelta(seconds=LONGEST_TOKEN_LIFE),
        )
        subscription = await js.pull_subscribe("", stream=stream_name("identity"), config=config)
        while True:
            try:
                for message in await subscription.fetch(100, timeout=2):
                    self._hear(message)
            except (TimeoutError, nats.errors.TimeoutError):
                self.has_caught_up = True
                await subscription.consumer_info()

    def _hear(self, message: Any) -> None:
        envelope = orjson.loads(message.data)
        key = KEYS[envelope["type"]](envelope["data"])
        self._revocations.revoke(key, message.metadata.timestamp.timestamp())
        self.on_revoked(envelope["type"], envelope["data"])
