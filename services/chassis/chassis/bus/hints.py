"""Hints: "something about these ids may be different now", over core NATS, to whoever listens at that moment.

For what would only ask again a little later anyhow: an open page, a memory of a process. Nothing is stored, nothing is
acknowledged, a hint may be lost; facts travel as events. Every process that listens hears every hint. A service speaks
on `hint.<service>.<topic>`, after the commit (`Transaction.hint`), ids of one moment together.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import nats
import orjson
from nats.aio.msg import Msg

from chassis.bus.connection import Bus
from chassis.ops.logging import get_logger

log = get_logger(__name__)

TOGETHER_SECONDS = 0.02
IDS_AT_ONCE = 1000
EVERYBODY = "*"
"""The word of a hint that means every id."""

Listener = Callable[[Sequence[str]], Any]


class Hints:
    """What a process has to say, and what it listens to. The first hint leaves at once, what follows it together."""

    def __init__(self, bus: Bus, service: str) -> None:
        self._bus = bus
        self._service = service
        self._listeners: dict[str, Listener] = {}
        self._given: dict[str, dict[str, None]] = {}
        self._wake = asyncio.Event()

    def listen(self, subject: str, hear: Listener) -> None:
        """Have `hear` (quick, in memory) called with the ids of every hint on `subject`; before `run`."""
        self._listeners[subject] = hear

    def give(self, hints: Iterable[tuple[str, str]]) -> None:
        """Have these (topic, id) told; the same one twice in a moment is told once."""
        for topic, each in hints:
            self._given.setdefault(topic, {})[each] = None
        self._wake.set()

    async def run(self) -> None:
        """Listen and speak for ever. The connection listens again by itself after it was lost."""
        while True:
            try:
                await self._follow()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("hints.begin_again", reason=repr(error)[:200])
                await asyncio.sleep(0.5)

    async def _follow(self) -> None:
        subscriptions = [await self._bus.client.subscribe(subject, cb=self._hear) for subject in self._listeners]
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._speak()
                await asyncio.sleep(TOGETHER_SECONDS)
        finally:
            with contextlib.suppress(nats.errors.Error, TimeoutError):
                for subscription in subscriptions:
                    await subscription.unsubscribe()

    async def _speak(self) -> None:
        """Tell what was given; without a connection it is too late for it by the time there is one again."""
        given, self._given = self._given, {}
        if not self._bus.is_connected:
            return
        for topic, ids in given.items():
            known = list(ids)
            for start in range(0, len(known), IDS_AT_ONCE):
                some = orjson.dumps(known[start : start + IDS_AT_ONCE])
                await self._bus.client.publish(f"hint.{self._service}.{topic}", some)

    async def _hear(self, message: Msg) -> None:
        try:
            self._listeners[message.subject](orjson.loads(message.data))
        except Exception as error:
            log.warning("hint.not_understood", subject=message.subject, reason=repr(error)[:200])
