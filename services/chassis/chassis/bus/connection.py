"""One connection to NATS per process, patient with a server that goes away and comes back."""

import asyncio
import contextlib
from typing import Any

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext

from chassis.ops.logging import get_logger

log = get_logger(__name__)


class Bus:
    """The process's connection to NATS; `js` is its JetStream side."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self.client = Client()

    @property
    def js(self) -> JetStreamContext:
        """A fresh JetStream context of the connection."""
        return self.client.jetstream(timeout=5)

    @property
    def is_connected(self) -> bool:
        """Whether the server answers now."""
        return self.client.is_connected

    async def connect(self) -> None:
        """Connect, and keep trying while no server answers: the API works meanwhile, the outbox keeps the events."""
        while True:
            try:
                self.client = await nats.connect(
                    self._url,
                    name=self._name,
                    connect_timeout=2,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=0.5,
                    ping_interval=5,
                    max_outstanding_pings=2,
                    drain_timeout=2,
                    error_cb=self._note_error,
                    disconnected_cb=self._note("bus.disconnected"),
                    reconnected_cb=self._note("bus.reconnected"),
                )
                return
            except (OSError, nats.errors.Error, TimeoutError):
                log.warning("bus.unreachable")
                await asyncio.sleep(0.5)

    async def close(self) -> None:
        """Send what is still to be sent and disconnect.

        Not `drain`: that waits (30 s) for somebody to take messages that nobody reads any more. They come again.
        """
        if self.client.is_connected:
            with contextlib.suppress(nats.errors.Error, TimeoutError):
                await self.client.flush(timeout=2)
        if self.client.is_connected or self.client.is_reconnecting:
            await self.client.close()

    async def _note_error(self, error: Exception) -> None:
        log.warning("bus.error", reason=type(error).__name__)

    def _note(self, event: str) -> Any:
        async def note() -> None:
            log.warning(event)

        return note
