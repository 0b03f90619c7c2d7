"""Transactions, problems, idempotency and pages through HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from chassis.http.pages import encode_cursor
from tests.chassis.test_events import value_of
from tests.harness.service import RunningService


async def test_a_failing_commit_is_an_error_and_leaves_nothing(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write") as caller:
        answer = await caller.post("/api/v1/counters/undone/break")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert await value_of(sample, "undone") == 0


async def test_anonymous_is_401_and_a_missing_scope_403(sample: RunningService) -> None:
    async with sample.anonymous() as nobody, sample.client(scopes="counters:read") as reader:
        refused = await nobody.post("/api/v1/counters/x/raise")
        forbidden = await reader.post("/api/v1/counters/x/raise")

    assert refused.status_code == 401
    assert forbidden.status_code == 403
    assert forbidden.json()["type"] == "http://localhost:8080/problems/lacks-scope"
    assert forbidden.headers["x-request-id"] in forbidden.json()["instance"]


async def test_the_challenge_names_one_scope_that_would_do(sample: RunningService) -> None:
    """RFC 6750, section 3: `scope` is a list of scopes, and only of those."""
    async with sample.client(scopes="counters:write") as writer:
        refused = await writer.get("/api/v1/counters")

    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="counters:read"'


async def test_one_idempotency_key_has_one_effect_under_parallel_requests(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write") as caller:
        answers = await asyncio.gather(
            *[
                caller.post("/api/v1/counters/parallel/raise", headers={"Idempotency-Key": "the-same"})
                for _ in range(12)
            ]
        )
        later = await caller.post("/api/v1/counters/parallel/raise", headers={"Idempotency-Key": "the-same"})
        other = await caller.post("/api/v1/counters/else/raise", headers={"Idempotency-Key": "the-same"})

    assert await value_of(sample, "parallel") == 1
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert later.json() == {"name": "parallel", "value": 1}
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("started", "code"),
    [(timedelta(seconds=5), "idempotency-key-in-use"), (timedelta(minutes=5), "idempotency-answer-lost")],
)
async def test_an_answer_is_lost_only_when_nobody_can_be_at_it_any_more(
    sample: RunningService, started: timedelta, code: str
) -> None:
    """The effect is committed before the answer is there: in between the first request is still running."""
    path, headers = f"/api/v1/counters/{code}/raise", {"Idempotency-Key": f"key-{code}"}
    keys = sample.runtime.database.tables.idempotency_keys
    async with sample.client(scopes="counters:write") as caller:
        await caller.post(path, headers=headers)
        async with sample.runtime.database.transaction() as tx:
            unanswered = {"status": None, "started_at": datetime.now(UTC) - started}
            await tx.execute(keys.update().where(keys.c.effect_at.is_not(None)).values(unanswered))
        retried = await caller.post(path, headers=headers)

    assert (retried.status_code, retried.json()["type"].rpartition("/")[2]) == (409, code)
    assert await value_of(sample, code) == 1


async def test_an_upload_is_known_again_by_its_content(sample: RunningService) -> None:
    """Clients make up another boundary for each attempt; what another file of the same length says is not the same."""
    headers = {"Idempotency-Key": "an-upload"}
    async with sample.client(scopes="counters:write") as caller:

        async def load(content: bytes) -> httpx.Response:
            files = {"file": ("name.txt", content, "text/plain")}
            return await caller.post("/api/v1/counters/load", files=files, headers=headers)

        first, again, other = await load(b"upload-a"), await load(b"upload-a"), await load(b"upload-b")

    assert first.json() == again.json() == {"name": "upload-a", "value": 1}
    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")


async def test_unknown_paths_and_methods_are_problems(sample: RunningService) -> None:
    async with sample.anonymous() as nobody:
        missing = await nobody.get("/api/v1/nothing")
        wrong = await nobody.delete("/api/v1/counters")

    assert (missing.status_code, missing.json()["status"]) == (404, 404)
    assert (wrong.status_code, wrong.json()["type"].rpartition("/")[2]) == (405, "method-not-allowed")


async def test_pages_follow_each_other_without_gap_or_repetition(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write counters:read") as caller:
        for number in range(7):
            await caller.post(f"/api/v1/counters/page-{number}/raise")
        seen, cursor = [], ""
        while cursor is not None:
            page = (await caller.get(f"/api/v1/counters?limit=3{'&cursor=' + cursor if cursor else ''}")).json()
            seen += [item["name"] for item in page["items"]]
            cursor = page["next_cursor"]
        bad = await caller.get("/api/v1/counters?cursor=nonsense")

    assert seen == sorted(set(seen))
    assert len([name for name in seen if name.startswith("page-")]) == 7
    assert bad.status_code == 422


async def test_requests_are_counted_by_the_template_of_their_route(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write") as caller:
        await caller.post("/api/v1/counters/measured/raise")
        text = (await caller.get("/metrics")).text

    assert 'route="/api/v1/counters/{name}/raise"' in text
    assert "measured" not in text


async def test_kept_answers_cannot_be_read_in_the_table(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write") as caller:
        await caller.post("/api/v1/counters/sealed/raise", headers={"Idempotency-Key": "a-key-of-mine"})

    keys = sample.runtime.database.tables.idempotency_keys
    async with sample.runtime.database.read() as reader:
        rows = await reader.all(keys.select())
    assert rows
    assert all(b"sealed" not in (row.body or b"") for row in rows)
    assert all(row.key != "a-key-of-mine" for row in rows)


async def test_what_no_text_can_hold_is_the_caller_s_mistake(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write counters:read") as caller:
        in_the_path = await caller.post("/api/v1/counters/a%00b/raise")
        cursors = [
            await caller.get("/api/v1/counters", params={"cursor": cursor})
            for cursor in (encode_cursor(5), encode_cursor("a\x00b"), encode_cursor({"a": 1}), "!")
        ]

    assert in_the_path.status_code == 400
    assert [answer.status_code for answer in cursors] == [422, 400, 422, 422]
