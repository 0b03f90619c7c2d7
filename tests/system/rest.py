"""Telling that a platform has nothing left to do: the only honest way to see that something does not happen."""

import asyncio
from datetime import datetime
from typing import Any

import asyncpg
import nats

from tests.harness.platform import Platform, patiently
from tests.system.books import rows_of
from tests.system.desk import LONG, Desk

SERVICES = ("identity", "shop", "licensing", "notifications")
TIMES_SEEN = 2
"""What one service finishes may give another one work: rest counts when it is seen twice."""

DUE_IN_THE_SHOP = (
    "SELECT t.id FROM transfers t JOIN transfer_waves w ON w.id = t.wave_id"
    " WHERE t.next_at <= $1 AND w.state IN ('scheduled', 'running', 'completed', 'cancelled')"
    " UNION ALL SELECT id FROM subscriptions WHERE due_at <= $1"
    " UNION ALL SELECT id FROM charges WHERE status IN ('created', 'unknown')"
)
UNSENT = "SELECT id FROM messages WHERE status IN ('queued', 'sending')"
UNTOLD = "SELECT id FROM outbox WHERE published_at IS NULL"


def wait_until_at_rest(desk: Desk, within: float = LONG) -> None:
    """Wait until nothing is due, untold, unheard or unsent anywhere on the platform."""
    for _ in range(TIMES_SEEN):
        patiently(lambda: _is_at_rest(desk), within=within)


def parked_events(platform: Platform) -> list[Any]:
    """Events that a service gave up on: there must never be one."""
    found: list[Any] = []
    for service in SERVICES:
        found += asyncio.run(rows_of(platform, service, "SELECT consumer, type, error FROM dead_letters"))
    return found


def _is_at_rest(desk: Desk) -> bool:
    try:
        work = asyncio.run(_work(desk))
    except (asyncpg.PostgresError, OSError, nats.errors.Error) as error:
        raise AssertionError(repr(error)) from error
    assert not work, work
    return True


async def _work(desk: Desk) -> dict[str, int]:
    """What there is to do; the first kind found is enough, for this is asked very often."""
    platform, now = desk.platform, datetime.fromisoformat(desk.get("/test/clock")["now"])
    if waiting := await rows_of(platform, "notifications", UNSENT):
        return {"mails to send": len(waiting)}
    if waiting := await rows_of(platform, "shop", DUE_IN_THE_SHOP, now):
        return {"shop is due": len(waiting)}
    for service in SERVICES:
        if waiting := await rows_of(platform, service, UNTOLD):
            return {f"{service} has to tell": len(waiting)}
    return {name: count for name, count in (await _unheard(platform)).items() if count}


async def _unheard(platform: Platform) -> dict[str, int]:
    client = await nats.connect(platform.stack.nats.url, max_reconnect_attempts=1, connect_timeout=5)
    try:
        streams = client.jetstream()
        found = {}
        for stream in await streams.streams_info():
            for consumer in await streams.consumers_info(stream.config.name):
                if consumer.config.durable_name:
                    waiting = (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
                    found[f"{consumer.config.durable_name} has to hear"] = waiting
        return found
    finally:
        await client.close()
