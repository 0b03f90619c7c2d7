"""Outbox, relay, consumer and inbox on a real bus."""

import asyncio
from typing import Any

import orjson
from nats.js.errors import NotFoundError
from sqlalchemy import select

from chassis.bus.consumer import Consumer
from tests.chassis.sample.main import counters
from tests.harness.eventually import eventually
from tests.harness.service import RunningService


async def value_of(sample: RunningService, name: str) -> int:
    """The counter's value; 0 when there is none."""
    async with sample.runtime.database.read() as reader:
        return await reader.scalar(select(counters.c.value).where(counters.c.name == name)) or 0


async def test_an_event_is_stored_with_the_change_and_published_after_it(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write") as caller:
        answer = await caller.post("/api/v1/counters/published/raise")

    assert answer.json() == {"name": "published", "value": 1}
    envelope = (await sample.envelopes("sample.counter.raised.v1"))[-1]
    assert envelope["subject"] == "published"
    assert envelope["sequence"] == 1
    assert envelope["data"] == {"name": "published", "value": 1}

    async def is_published() -> bool:
        outbox = sample.runtime.database.tables.outbox
        async with sample.runtime.database.read() as reader:
            pending = await reader.all(outbox.select().where(outbox.c.published_at.is_(None)))
        return not pending

    await eventually(is_published)


async def test_a_redelivered_event_takes_effect_once(sample: RunningService) -> None:
    event_id = await sample.deliver("shop.counter.wished.v1", {"name": "once"}, subject="w1")
    await sample.deliver("shop.counter.wished.v1", {"name": "once"}, subject="w1", event_id=event_id)
    await sample.deliver("shop.counter.wished.v1", {"name": "marker"}, subject="w2")

    assert await value_of(sample, "once") == 1


async def test_a_failing_reaction_leaves_no_trace_and_stops_no_other_event(sample: RunningService) -> None:
    await sample.deliver("shop.counter.wished.v1", {"name": "broken", "fail": True}, subject="w3", wait=False)
    await sample.deliver("shop.counter.wished.v1", {"name": "fine"}, subject="w4")

    assert await value_of(sample, "broken") == 0
    assert await value_of(sample, "fine") == 1
    assert not [e for e in await sample.published("sample.counter.raised.v1") if e["name"] == "broken"]


async def test_an_unreadable_event_is_parked_and_an_operator_sees_it(sample: RunningService) -> None:
    event_id = await sample.deliver("shop.counter.wished.v1", {"name": {"not": "text"}}, subject="w5")

    async with sample.operator() as operator:
        items = (await operator.get("/api/v1/parked-events/sample?state=open")).json()["items"]
        parked = next(item for item in items if item["event_id"] == event_id)
        failed = await operator.post(f"/api/v1/parked-events/sample/{parked['id']}/replay")
        discarded = await operator.post(f"/api/v1/parked-events/sample/{parked['id']}/discard")

    assert failed.status_code == 409
    assert discarded.json()["state"] == "discarded"


async def test_sequence_numbers_of_one_subject_have_no_gap(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write") as caller:
        for _ in range(5):
            await caller.post("/api/v1/counters/gapless/raise")

    numbers = [e["sequence"] for e in await sample.envelopes() if e["subject"] == "gapless"]
    assert numbers == [1, 2, 3, 4, 5]


async def test_a_lost_stream_is_filled_again_from_the_outbox(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write") as caller:
        await caller.post("/api/v1/counters/survivor/raise")
    js = sample.runtime.bus.js

    async def published() -> int:
        outbox = sample.runtime.database.tables.outbox
        async with sample.runtime.database.read() as reader:
            rows = await reader.all(outbox.select().where(outbox.c.published_at.is_(None)))
        return not rows

    await eventually(published)
    await js.delete_stream("SAMPLE")
    sample.runtime.relay._guarded_at = float("-inf")
    sample.runtime.relay.wake()

    async def refilled() -> bool:
        try:
            message = await js.get_last_msg("SAMPLE", "sample.counter.raised.v1")
        except NotFoundError:
            return False
        return orjson.loads(message.data)["data"]["name"] == "survivor"

    await eventually(refilled)


async def test_no_event_waits_for_the_next_look_at_the_outbox(sample: RunningService, monkeypatch: Any) -> None:
    monkeypatch.setattr("chassis.bus.relay.IDLE_SECONDS", 3600)
    sample.runtime.relay.wake()
    async with sample.client(scopes="counters:write") as caller:
        for number in range(60):
            raised = [caller.post(f"/api/v1/counters/prompt-{number}-{i}/raise") for i in range(3)]
            assert {answer.status_code for answer in await asyncio.gather(*raised)} == {200}

    async def all_published() -> bool:
        outbox = sample.runtime.database.tables.outbox
        async with sample.runtime.database.read() as reader:
            return not await reader.all(outbox.select().where(outbox.c.published_at.is_(None)))

    await eventually(all_published)


async def test_events_go_on_after_their_consumer_was_deleted_at_the_server(sample: RunningService) -> None:
    await sample.deliver("shop.counter.wished.v1", {"name": "before-deletion"}, subject="d1")

    await sample.runtime.bus.js.delete_consumer("SHOP", "sample-shop")
    await sample.deliver("shop.counter.wished.v1", {"name": "after-deletion"}, subject="d2")

    assert await value_of(sample, "before-deletion") == 1
    assert await value_of(sample, "after-deletion") == 1


async def test_a_batch_that_is_broken_off_comes_again_at_once(sample: RunningService, monkeypatch: Any) -> None:
    handle, broken = Consumer.handle, []

    async def break_off_once(self: Consumer, messages: list[Any]) -> None:
        if self.durable == "sample-shop" and not broken:
            broken.extend(messages)
            raise ConnectionError("the database went away")
        await handle(self, messages)

    monkeypatch.setattr(Consumer, "handle", break_off_once)
    await sample.deliver("shop.counter.wished.v1", {"name": "broken-off"}, subject="b1")

    assert len(broken) == 1
    assert await value_of(sample, "broken-off") == 1
