"""What a front end learns about its session."""

from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import select, update

from gateway.sessions.models import sessions
from tests.gateway.party import Party, Person
from tests.harness.eventually import eventually
from tests.harness.service import RunningService


async def test_a_visitor_gets_a_problem_and_no_redirect(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/bff/user")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] in answer.json()["instance"]


async def test_an_unknown_cookie_is_nobody(browser: httpx.AsyncClient) -> None:
    browser.cookies.set("gw", "made-up")

    assert (await browser.get("/bff/user")).status_code == 401
    assert (await browser.get("/api/v1/products")).status_code == 200


async def test_tokens_are_unreadable_in_the_database(
    signed_in: httpx.AsyncClient, gateway: RunningService, party: Party
) -> None:
    async with gateway.runtime.database.read() as reader:
        rows = await reader.all(select(sessions))

    stored = b"".join(row.access_token + row.refresh_token + row.id_token for row in rows)
    assert b"eyJ" not in stored
    assert not any(token.encode() in stored for token in party.refresh_tokens)
    assert not any(signed_in.cookies["gw"] in str(row) for row in rows)


async def test_asking_without_sliding_does_not_prolong_the_session(
    signed_in: httpx.AsyncClient, gateway: RunningService
) -> None:
    await age_all_sessions(gateway, minutes=60)

    watched = (await signed_in.get("/bff/user", params={"slide": "false"})).json()
    gateway.runtime.edges.desk.cache._entries.clear()
    used = (await signed_in.get("/bff/user")).json()

    assert watched["expires_in"] <= 3600
    assert used["expires_in"] > 7000


async def test_a_right_that_was_taken_away_is_not_shown_any_more(
    signed_in: httpx.AsyncClient, gateway: RunningService, anna: Person
) -> None:
    anna.organizations["org_first"] = ("member",)

    data = {"account_id": anna.account_id, "organization_id": "org_first", "roles": ["member"]}
    await gateway.deliver("identity.member.changed.v1", data, subject="mem_1")

    async def is_shown() -> bool:
        return (await signed_in.get("/bff/user")).json()["roles"] == ["member"]

    await eventually(is_shown, within=2)


async def test_while_the_provider_is_away_people_are_shown_as_known(
    signed_in: httpx.AsyncClient, gateway: RunningService, party: Party
) -> None:
    party.is_down = True
    async with gateway.runtime.database.transaction() as tx:
        await tx.execute(update(sessions).values(access_expires_at=datetime.now(UTC)))
    gateway.runtime.edges.desk.cache._entries.clear()

    assert (await signed_in.get("/bff/user")).json()["roles"] == ["owner"]


async def test_an_idle_session_is_over(signed_in: httpx.AsyncClient, gateway: RunningService) -> None:
    await age_all_sessions(gateway, minutes=121)

    assert (await signed_in.get("/bff/user")).status_code == 401


async def test_what_ran_out_is_removed(signed_in: httpx.AsyncClient, gateway: RunningService) -> None:
    await age_all_sessions(gateway, minutes=121)

    await gateway.work()

    async with gateway.runtime.database.read() as reader:
        assert await reader.all(select(sessions)) == []


async def age_all_sessions(gateway: RunningService, *, minutes: int) -> None:
    """Pretend that nobody used any session for so long."""
    async with gateway.runtime.database.transaction() as tx:
        await tx.execute(update(sessions).values(used_at=datetime.now(UTC) - timedelta(minutes=minutes)))
    gateway.runtime.edges.desk.cache._entries.clear()
