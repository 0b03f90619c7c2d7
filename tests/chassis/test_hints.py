"""Hints reach whoever listens, after the commit, and only then."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import orjson
import pytest

from chassis.bus.connection import Bus
from chassis.bus.hints import IDS_AT_ONCE, Hints
from tests.chassis.sample.main import raise_counter
from tests.harness.eventually import eventually
from tests.harness.servers import LocalNats, running_nats
from tests.harness.service import RunningService

SUBJECT = "hint.sample.counters"


@asynccontextmanager
async def listening(nats_url: str, subject: str = SUBJECT) -> AsyncIterator[list[Sequence[str]]]:
    """Another process that listens; the hints it heard."""
    bus = Bus(nats_url, "listener")
    await bus.connect()
    hints, heard = Hints(bus, "listener"), []
    hints.listen(subject, heard.append)
    task = asyncio.create_task(hints.run())
    await eventually(lambda: bus.client._subs)
    await bus.client.flush()
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.wait([task])
        await bus.close()


async def raise_in_vain(sample: RunningService) -> None:
    """A transaction that fails after its effect."""
    async with sample.runtime.database.transaction() as tx:
        await raise_counter(tx, "never")
        raise RuntimeError("no")


async def test_a_hint_is_given_after_the_commit(sample: RunningService, nats_server: LocalNats) -> None:
    async with listening(nats_server.url) as heard:
        async with sample.runtime.database.transaction() as tx:
            await raise_counter(tx, "hinted")
            assert heard == []

        await eventually(lambda: heard)

    assert heard == [["hinted"]]


async def test_what_was_rolled_back_is_not_hinted(sample: RunningService, nats_server: LocalNats) -> None:
    async with listening(nats_server.url) as heard:
        with pytest.raises(RuntimeError):
            await raise_in_vain(sample)
        await sample.deliver("shop.counter.wished.v1", {"name": "broken", "fail": True}, subject="h1", wait=False)
        await sample.deliver("shop.counter.wished.v1", {"name": "fine"}, subject="h2")

        await eventually(lambda: heard)

    assert [name for names in heard for name in names] == ["fine"]


async def test_hints_of_one_moment_are_told_together_and_once(sample: RunningService, nats_server: LocalNats) -> None:
    names = [f"c{number}" for number in range(IDS_AT_ONCE + 5)]

    async with listening(nats_server.url) as heard:
        sample.runtime.hints.give([("counters", name) for name in names])
        sample.runtime.hints.give([("counters", names[0])])

        await eventually(lambda: len(heard) == 2)

    assert [name for some in heard for name in some] == names
    assert len(heard[0]) == IDS_AT_ONCE


async def test_every_process_hears_every_hint(sample: RunningService, nats_server: LocalNats) -> None:
    async with listening(nats_server.url) as one, listening(nats_server.url) as other:
        sample.runtime.hints.give([("counters", "all")])

        await eventually(lambda: one and other)

    assert one == other == [["all"]]


async def test_a_hint_nobody_understands_stops_no_other(sample: RunningService, nats_server: LocalNats) -> None:
    async with listening(nats_server.url) as heard:
        await sample.runtime.bus.client.publish(SUBJECT, b"{")
        await sample.runtime.bus.client.publish(SUBJECT, orjson.dumps(["next"]))

        await eventually(lambda: heard)

    assert heard == [["next"]]


async def test_a_listener_hears_again_when_the_server_came_back() -> None:
    with running_nats() as server:
        bus = Bus(server.url, "speaker")
        await bus.connect()
        speaker = Hints(bus, "sample")
        speaking = asyncio.create_task(speaker.run())
        async with listening(server.url) as heard:
            server.stop()
            await eventually(lambda: not bus.is_connected)
            speaker.give([("counters", "lost")])
            server.start()
            await eventually(lambda: bus.is_connected)

            async def is_heard() -> bool:
                speaker.give([("counters", "again")])
                return ["again"] in heard

            await eventually(is_heard)
            assert ["lost"] not in heard
        speaking.cancel()
        await asyncio.wait([speaking])
        await bus.close()
