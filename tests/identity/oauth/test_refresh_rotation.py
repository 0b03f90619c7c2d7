"""Refresh tokens: RFC 6749 §6, rotation and theft by RFC 9700 §4.14.2."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel.clock import FrozenClock, SystemClock
from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, active, as_person
from tests.identity.provider import App, a_browser, an_app, read_jwt, tokens_for, userinfo


@pytest.fixture
def real_time(identity: RunningService) -> Iterator[FrozenClock]:
    """The time of security, which stands still until the test moves it."""
    clock = FrozenClock(SystemClock().now())
    identity.runtime.edges.real_clock = clock
    yield clock
    identity.runtime.edges.real_clock = SystemClock()


async def staying(identity: RunningService, **metadata: Any) -> tuple[App, dict[str, Any], dict[str, Any]]:
    """A client, a person, and the tokens of a first sign-in."""
    account = await active(identity)
    app = await an_app(identity, **metadata)
    scope = metadata.get("scope", "openid offline_access")
    return app, account, await tokens_for(app, await a_browser(identity, account), scope=scope)


async def test_every_use_gives_a_successor(identity: RunningService) -> None:
    app, account, tokens = await staying(identity)

    renewed = (await app.refresh(tokens["refresh_token"])).json()
    again = (await app.refresh(renewed["refresh_token"])).json()

    assert len({tokens["refresh_token"], renewed["refresh_token"], again["refresh_token"]}) == 3
    _, before = await read_jwt(identity, tokens["id_token"])
    _, after = await read_jwt(identity, again["id_token"])
    assert after["sub"] == account["id"]
    assert after["auth_time"] == before["auth_time"]
    assert "nonce" not in after


async def test_a_repeated_request_gets_the_same_successor(identity: RunningService, real_time: FrozenClock) -> None:
    """Ten seconds of grace, for tabs and lost answers."""
    app, _, tokens = await staying(identity)

    first = (await app.refresh(tokens["refresh_token"])).json()
    real_time.advance(timedelta(seconds=9))
    second = (await app.refresh(tokens["refresh_token"])).json()

    assert first["refresh_token"] == second["refresh_token"]
    assert (await app.refresh(second["refresh_token"])).status_code == 200


async def test_a_late_reuse_ends_the_whole_family(identity: RunningService, real_time: FrozenClock) -> None:
    """RFC 9700 §4.14.2: somebody else has the token; neither side keeps anything."""
    app, _, tokens = await staying(identity)
    renewed = (await app.refresh(tokens["refresh_token"])).json()
    real_time.advance(timedelta(seconds=11))

    reused = await app.refresh(tokens["refresh_token"])

    assert reused.json()["error"] == "invalid_grant"
    assert (await app.refresh(renewed["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await userinfo(identity, renewed["access_token"])).status_code == 401


async def test_parallel_requests_agree_on_one_successor(identity: RunningService) -> None:
    app, _, tokens = await staying(identity)

    answers = await asyncio.gather(*[app.refresh(tokens["refresh_token"]) for _ in range(8)])

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


async def test_unused_for_two_weeks_it_ends(identity: RunningService, real_time: FrozenClock) -> None:
    app, _, tokens = await staying(identity, first_party=True)
    real_time.advance(timedelta(days=15))

    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_it_belongs_to_its_client(identity: RunningService) -> None:
    """RFC 6749 §6; and a stranger's try does not spend it."""
    app, _, tokens = await staying(identity)
    other = await an_app(identity)

    assert (await other.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await app.refresh(tokens["refresh_token"])).status_code == 200


async def test_scopes_may_shrink_but_not_grow(identity: RunningService) -> None:
    """RFC 6749 §6."""
    app, _, tokens = await staying(identity)

    more = await app.refresh(tokens["refresh_token"], scope="openid email")
    less = await app.refresh(tokens["refresh_token"], scope="openid")
    back = await app.refresh(less.json()["refresh_token"])

    assert more.json()["error"] == "invalid_scope"
    assert less.json()["scope"] == "openid"
    assert back.json()["scope"] == "openid offline_access"


async def test_without_offline_access_there_is_none(identity: RunningService) -> None:
    """OpenID Connect Core 1.0 §11."""
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)), scope="openid")

    assert "refresh_token" not in tokens


async def test_a_first_party_s_ends_with_the_session(identity: RunningService) -> None:
    app, account, tokens = await staying(identity)
    async with identity.operator() as operator:
        ended = await operator.post(f"/api/v1/accounts/{account['id']}/end-sessions")

    assert ended.is_success
    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_disabled_account_gets_nothing_more(identity: RunningService) -> None:
    app, account, tokens = await staying(identity)
    async with identity.operator() as operator:
        await operator.post(f"/api/v1/accounts/{account['id']}/disable")

    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await userinfo(identity, tokens["access_token"])).status_code == 401


async def test_a_changed_password_leaves_this_session_alone(identity: RunningService) -> None:
    """And ends the others with their tokens."""
    app, account, here = await staying(identity)
    elsewhere = await tokens_for(app, await a_browser(identity, account), scope="openid offline_access")
    _, claims = await read_jwt(identity, here["access_token"])
    async with as_person(identity, account, sid=claims["sid"]) as me:
        changed = await me.post(
            "/api/v1/me/password",
            json={"current_password": PASSWORD, "new_password": "another quiet harbour, another dawn"},
        )

    assert changed.is_success, changed.text
    assert (await app.refresh(here["refresh_token"])).status_code == 200
    assert (await app.refresh(elsewhere["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_disabled_client_gets_nothing_more(identity: RunningService) -> None:
    app, _, tokens = await staying(identity)
    async with identity.operator() as operator:
        await operator.delete(f"/api/v1/clients/{app.id}")

    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_client"
    assert (await userinfo(identity, tokens["access_token"])).status_code == 401
    assert {"client_id": app.id} in await identity.published("identity.client.disabled.v1")


async def test_a_scope_taken_from_the_client_is_not_renewed(identity: RunningService) -> None:
    """A change of a client acts at once, also on what was granted before; giving it back does not revive it."""
    app, _, tokens = await staying(identity, scope="openid offline_access orders:read")
    path = f"/api/v1/clients/{app.registration['client_id']}"
    async with identity.operator() as operator:
        await operator.patch(path, json={"scope": "openid offline_access"})
        narrowed = (await app.refresh(tokens["refresh_token"])).json()
        await operator.patch(path, json={"scope": "openid offline_access orders:read"})
        later = (await app.refresh(narrowed["refresh_token"])).json()

    assert narrowed["scope"] == later["scope"] == "openid offline_access"
