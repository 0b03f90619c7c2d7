"""HEAD answers what GET would, without the content."""

import asyncio
from typing import Any

import httpx
import pytest

from chassis.http.head import Head
from tests.harness.service import RunningService

CHANGES_EVERY_TIME = ("date", "x-request-id", "traceparent")


def headers_of(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in CHANGES_EVERY_TIME}


@pytest.mark.parametrize("path", ["/api/v1/counters", "/api/v1/counters?limit=0", "/healthz", "/openapi.json", "/none"])
async def test_head_has_the_status_and_headers_of_get_and_nothing_else(sample: RunningService, path: str) -> None:
    async with sample.client(scopes="counters:read") as caller:
        got, head = await caller.get(path), await caller.head(path)

    assert head.status_code == got.status_code
    assert headers_of(head) == headers_of(got)
    assert int(head.headers["content-length"]) == len(got.content) > 0
    assert head.content == b""


async def test_head_is_refused_as_get_is(sample: RunningService) -> None:
    async with sample.anonymous() as nobody, sample.client(scopes="counters:read") as caller:
        assert (await nobody.head("/api/v1/counters")).status_code == 401
        refused = await caller.head("/api/v1/counters/x/raise")

    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


async def test_an_endless_answer_ends_with_its_headers() -> None:
    sent: list[dict[str, Any]] = []

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        assert scope["method"] == "GET"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            await send({"type": "http.response.body", "body": b"more", "more_body": True})

    async def receive() -> dict[str, Any]:
        is_answered = bool(sent) and not sent[-1].get("more_body", True)
        return {"type": "http.disconnect" if is_answered else "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "HEAD", "path": "/", "headers": []}
    await asyncio.wait_for(Head(endless)(scope, receive, send), timeout=5)

    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[1]["body"] == b""
    assert scope["method"] == "HEAD"
