"""Deliveries of a pull consumer, at once: a request always waits at the server, so no event waits for one (ADR-37)."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import nats
import orjson
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from chassis.bus.connection import Bus

BATCH = 100
EXPIRES_SECONDS = 30
HEARTBEAT_SECONDS = 1
SILENT_AFTER = 3.5
NANO = 1_000_000_000

HEARTBEAT = "100"
NOTHING_HERE, EXPIRED = "404", "408"


class DeliveriesStoppedError(Exception):
    """The server fell silent or ended the consumer: begin again, after making sure that the consumer exists."""


class Pull:
    """The deliveries of one consumer of one stream, while the context lasts.

    Leaving it gives back what was delivered and not taken, so that another process need not wait for the deadline.
    """

    def __init__(self, bus: Bus, *, stream: str, consumer: str, batch: int = BATCH) -> None:
        self._bus = bus
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._batch = batch
        self._asked_for = 0
        self._arrived: deque[Msg] = deque()
        self._news = asyncio.Event()
        self._ended_because = ""

    async def __aenter__(self) -> Self:
        self._inbox = self._bus.client.new_inbox()
        self._subscription: Subscription = await self._bus.client.subscribe(self._inbox, cb=self._hear)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(nats.errors.Error, TimeoutError):
            await self._subscription.unsubscribe()
        await hand_back(self._arrived)

    async def take(self) -> list[Msg]:
        """What has been delivered: at least one message, at most a batch, in order; waits while there is none.

        Raises `DeliveriesStoppedError` when not even a heartbeat came, or when the consumer is gone.
        """
        while not self._arrived:
            self._news.clear()
            await self._ask()
            await self._wait()
        return [self._arrived.popleft() for _ in range(min(len(self._arrived), self._batch))]

    async def _ask(self) -> None:
        """Have half a batch at least asked for."""
        if self._asked_for > self._batch // 2:
            return
        wanted = self._batch - self._asked_for
        request = {
            "batch": wanted,
            "expires": EXPIRES_SECONDS * NANO,
            "idle_heartbeat": HEARTBEAT_SECONDS * NANO,
        }
        self._asked_for += wanted
        await self._bus.client.publish(self._subject, orjson.dumps(request), reply=self._inbox)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), SILENT_AFTER)
        except TimeoutError:
            raise DeliveriesStoppedError("silence") from None
        if self._ended_because:
            raise DeliveriesStoppedError(self._ended_because)

    async def _hear(self, message: Msg) -> None:
        status = (message.headers or {}).get("Status")
        if status is None:
            self._asked_for = max(0, self._asked_for - 1)
            self._arrived.append(message)
        elif status in (NOTHING_HERE, EXPIRED):
            unused = int((message.headers or {}).get("Nats-Pending-Messages", self._asked_for))
            self._asked_for = max(0, self._asked_for - unused)
        elif status != HEARTBEAT:
            self._ended_because = f"{status} {(message.headers or {}).get('Description', '')}"
        self._news.set()


async def hand_back(messages: Iterable[Msg]) -> None:
    """Have the server deliver the messages again at once; without a connection it does so by itself, later."""
    for message in messages:
        with contextlib.suppress(nats.errors.Error, TimeoutError):
            await message.nak()
