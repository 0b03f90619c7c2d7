"""An open page is told of changes and of the end of its session, and prolongs nothing by listening."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
import uvicorn
from sqlalchemy import select, update

from chassis.bus.hints import EVERYBODY
from gateway.changes import follow
from gateway.changes.streams import Streams
from gateway.serve import Server
from gateway.sessions.models import sessions
from tests.gateway.conftest import sign_in
from tests.gateway.party import Grant, Party, Person
from tests.harness.eventually import eventually
from tests.harness.servers import free_port
from tests.harness.service import RunningService

HINT = "hint.identity.tiles"


class Page:
    """An open page; `told` is everything it was sent."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.told = ""
        self.is_over = False

    async def read(self) -> None:
        """Listen until the other side has nothing more to say."""
        async for piece in self.answer.aiter_text():
            self.told += piece
        self.is_over = True


@asynccontextmanager
async def page(public: str, browser: httpx.AsyncClient) -> AsyncIterator[Page]:
    """A page of the browser that listens over a real socket."""
    cookies = {"gw": browser.cookies["gw"]}
    async with (
        httpx.AsyncClient(base_url=f"http://{public}", cookies=cookies, timeout=30) as client,
        client.stream("GET", "/portal/changes") as answer,
    ):
        opened = Page(answer)
        reading = asyncio.create_task(opened.read())
        if answer.status_code == 200:
            await eventually(lambda: opened.told)
        yield opened
        reading.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await reading


async def hint(gateway: RunningService, *account_ids: str) -> None:
    """Identity speaks."""
    await gateway.runtime.bus.client.publish(HINT, orjson.dumps(account_ids))


def grant_of(party: Party) -> Grant:
    return list(party.refresh_tokens.values())[-1]


async def test_a_page_is_told_when_its_account_is_hinted_at(
    gateway: RunningService, public: str, signed_in: httpx.AsyncClient, anna: Person
) -> None:
    async with page(public, signed_in) as opened:
        assert opened.answer.headers["content-type"].startswith("text/event-stream")
        assert opened.answer.headers["cache-control"] == "no-store, no-transform"
        assert opened.answer.headers["x-accel-buffering"] == "no"
        await hint(gateway, "acc_somebody_else")
        await hint(gateway, "acc_third", anna.account_id)

        await eventually(lambda: "event: changed" in opened.told)

        assert opened.told.count("event:") == 1


async def test_hints_that_come_together_are_told_once(
    gateway: RunningService, public: str, signed_in: httpx.AsyncClient, anna: Person
) -> None:
    async with page(public, signed_in) as opened:
        for _ in range(20):
            await hint(gateway, anna.account_id)
        await eventually(lambda: "event: changed" in opened.told)
        await asyncio.sleep(3 * follow.REST_SECONDS)

        assert opened.told.count("event: changed") <= 2


async def test_what_concerns_everybody_reaches_everybody(
    gateway: RunningService, public: str, signed_in: httpx.AsyncClient
) -> None:
    async with page(public, signed_in) as opened:
        await hint(gateway, EVERYBODY)

        await eventually(lambda: "event: changed" in opened.told, within=2)


async def test_a_stranger_gets_no_stream(public: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://{public}") as client:
        answer = await client.get("/portal/changes")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_is_told_at_once_that_its_session_ended(
    gateway: RunningService, public: str, signed_in: httpx.AsyncClient, party: Party
) -> None:
    async with page(public, signed_in) as opened:
        session_id = grant_of(party).session_id
        await gateway.deliver("identity.session.ended.v1", {"session_id": session_id}, subject=session_id)

        await eventually(lambda: opened.is_over, within=3)

        assert opened.told.endswith("event: ended\ndata: 1\n\n")


async def test_a_page_learns_at_the_next_heartbeat_that_its_session_is_gone(
    gateway: RunningService, public: str, signed_in: httpx.AsyncClient, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nobody told: another process ended it, or it ran out."""
    monkeypatch.setattr(follow, "HEARTBEAT_SECONDS", 0.1)
    async with page(public, signed_in) as opened:
        await eventually(lambda: opened.told.count(":\n\n") >= 3)
        async with gateway.runtime.database.transaction() as tx:
            await tx.execute(sessions.delete().where(sessions.c.account_id == anna.account_id))

        await eventually(lambda: opened.is_over, within=5)

        assert opened.told.endswith("event: ended\ndata: 1\n\n")


async def test_neither_listening_nor_looking_prolongs_the_session(
    gateway: RunningService,
    public: str,
    browser: httpx.AsyncClient,
    party: Party,
    anna: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow, "HEARTBEAT_SECONDS", 0.1)
    await sign_in(browser, party, anna)
    earlier = datetime.now(UTC) - timedelta(minutes=30)
    mine = sessions.c.account_id == anna.account_id
    async with gateway.runtime.database.transaction() as tx:
        await tx.execute(update(sessions).where(mine).values(used_at=earlier))
    gateway.runtime.edges.desk.cache._entries.clear()

    async with page(public, browser) as opened:
        await eventually(lambda: opened.told.count(":\n\n") >= 3)
        assert (await browser.get("/portal/tiles")).status_code == 200
        gateway.runtime.edges.desk.cache._entries.clear()
        assert (await browser.get("/portal/tiles")).status_code == 200

    async with gateway.runtime.database.read() as reader:
        assert await reader.scalar(select(sessions.c.used_at).where(mine)) == earlier


async def test_further_pages_of_a_session_ask_by_themselves(
    gateway: RunningService, public: str, signed_in: httpx.AsyncClient
) -> None:
    limit = gateway.runtime.settings.streams_per_session
    async with httpx.AsyncClient(
        base_url=f"http://{public}", cookies={"gw": signed_in.cookies["gw"]}, timeout=5
    ) as client:
        streams = [client.stream("GET", "/portal/changes") for _ in range(limit)]
        for stream in streams:
            assert (await stream.__aenter__()).status_code == 200

        refused = await client.get("/portal/changes")

        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "60"
        for stream in streams:
            await stream.__aexit__(None, None, None)

    await eventually(lambda: gateway.runtime.edges.streams._open == 0)
    async with page(public, signed_in) as opened:
        assert opened.answer.status_code == 200


async def test_a_process_takes_no_more_streams_than_it_may(
    gateway: RunningService, public: str, signed_in: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway.runtime.edges.streams, "_in_all", 0)

    async with page(public, signed_in) as opened:
        assert opened.answer.status_code == 503
        assert opened.answer.headers["retry-after"] == "10"


async def test_open_pages_do_not_delay_the_shutdown(
    gateway: RunningService, signed_in: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    edges = replace(gateway.runtime.edges, streams=Streams(per_session=4, in_all=10))
    monkeypatch.setattr(gateway.runtime, "edges", edges)
    port = free_port()
    config = uvicorn.Config(gateway.app, port=port, lifespan="off", log_level="error", timeout_graceful_shutdown=20)
    server = Server(config, gateway.runtime)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)

    async with page(f"127.0.0.1:{port}", signed_in) as opened:
        asked_at = time.monotonic()
        server.should_exit = True
        await serving

        assert time.monotonic() - asked_at < 2
        await eventually(lambda: opened.is_over)
        assert "event: ended" not in opened.told


async def test_who_only_asks_for_the_headers_takes_no_stream(
    gateway: RunningService, public: str, signed_in: httpx.AsyncClient
) -> None:
    async with httpx.AsyncClient(base_url=f"http://{public}", cookies={"gw": signed_in.cookies["gw"]}) as client:
        answer = await client.head("/portal/changes")

    assert answer.headers["content-type"].startswith("text/event-stream")
    await eventually(lambda: gateway.runtime.edges.streams._open == 0)
