"""A session that ended is over everywhere within moments."""

import time

import httpx
import pytest
from sqlalchemy import select

from gateway.sessions.models import sessions
from tests.gateway.conftest import OWN_PAGE
from tests.gateway.party import Grant, Party, Person, signed
from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.harness.tokens import ISSUER


def grant_of(party: Party) -> Grant:
    return list(party.refresh_tokens.values())[-1]


def logout_token(session_id: str, **claims: object) -> str:
    now = int(time.time())
    content = {
        "iss": ISSUER,
        "aud": "gateway",
        "sid": session_id,
        "iat": now,
        "exp": now + 120,
        "jti": "one",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }
    return signed({name: value for name, value in (content | claims).items() if value is not None}, "logout+jwt")


async def test_signing_out_ends_the_session_here_and_at_the_provider(
    signed_in: httpx.AsyncClient, party: Party
) -> None:
    cookie, session_id = signed_in.cookies["gw"], grant_of(party).session_id

    answer = await signed_in.post("/bff/logout", headers=OWN_PAGE)

    assert answer.status_code == 200
    assert answer.json()["logout_url"].startswith(f"{ISSUER}/oauth2/logout?")
    assert party.ended_sessions == [session_id]
    assert len(party.revoked) == 1
    assert "gw" not in signed_in.cookies
    signed_in.cookies.set("gw", cookie)
    assert (await signed_in.get("/bff/user")).status_code == 401


async def test_a_form_is_sent_on_to_the_provider(signed_in: httpx.AsyncClient) -> None:
    answer = await signed_in.post("/bff/logout", data={"a": "b"}, headers={"Origin": ISSUER})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{ISSUER}/oauth2/logout?id_token_hint=")


async def test_signing_out_twice_is_harmless(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/bff/logout")).json() == {"logout_url": "/signed-out"}


async def test_another_site_cannot_sign_anybody_out(signed_in: httpx.AsyncClient) -> None:
    answer = await signed_in.post(
        "/bff/logout", headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert (await signed_in.get("/bff/user")).status_code == 200


async def test_the_provider_ends_a_session_by_the_back_channel(
    signed_in: httpx.AsyncClient, gateway: RunningService, party: Party
) -> None:
    """OpenID Connect Back-Channel Logout 1.0 §2.8."""
    async with gateway.anonymous() as provider:
        token = logout_token(grant_of(party).session_id)
        answer = await provider.post("/bff/backchannel", data={"logout_token": token})

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert (await signed_in.get("/bff/user")).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"iss": "https://other.example"},
        {"exp": 1},
        {"events": None},
        {"events": {"other": {}}},
        {"nonce": "n"},
        {"sid": None},
        {"jti": None},
    ],
)
async def test_a_logout_token_that_proves_nothing_is_refused(
    signed_in: httpx.AsyncClient, gateway: RunningService, party: Party, claims: dict[str, object]
) -> None:
    """OpenID Connect Back-Channel Logout 1.0 §2.6."""
    async with gateway.anonymous() as attacker:
        token = logout_token(grant_of(party).session_id, **claims)
        answer = await attacker.post("/bff/backchannel", data={"logout_token": token})

    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"
    assert (await signed_in.get("/bff/user")).status_code == 200


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", None])
async def test_what_is_no_logout_token_is_refused(browser: httpx.AsyncClient, token: str | None) -> None:
    answer = await browser.post("/bff/backchannel", data={} if token is None else {"logout_token": token})

    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"


async def test_an_id_token_is_no_logout_token(
    browser: httpx.AsyncClient, signed_in: httpx.AsyncClient, party: Party
) -> None:
    token = party.id_token(
        grant_of(party), events={"http://schemas.openid.net/event/backchannel-logout": {}}, nonce=None, jti="one"
    )

    assert (await browser.post("/bff/backchannel", data={"logout_token": token})).status_code == 400


async def test_an_event_of_the_provider_ends_the_session_within_a_second(
    signed_in: httpx.AsyncClient, gateway: RunningService, party: Party
) -> None:
    session_id = grant_of(party).session_id
    assert (await signed_in.get("/bff/user")).status_code == 200

    data = {"session_id": session_id, "account_id": "acc_x", "reason": "ended by an operator"}
    await gateway.deliver("identity.session.ended.v1", data, subject=session_id, wait=False)

    async def is_over() -> bool:
        return (await signed_in.get("/bff/user")).status_code == 401

    await eventually(is_over, within=1)


async def test_the_row_of_an_ended_session_is_removed_once_and_again(
    signed_in: httpx.AsyncClient, gateway: RunningService, party: Party
) -> None:
    session_id = grant_of(party).session_id
    data = {"session_id": session_id, "account_id": "acc_x", "reason": "logout"}

    event_id = await gateway.deliver("identity.session.ended.v1", data, subject=session_id)
    await gateway.deliver("identity.session.ended.v1", data, subject=session_id, event_id=event_id)

    async with gateway.runtime.database.read() as reader:
        assert await reader.first(select(sessions).where(sessions.c.session_id == session_id)) is None


async def test_a_disabled_account_is_out(signed_in: httpx.AsyncClient, gateway: RunningService, anna: Person) -> None:
    data = {"account_id": anna.account_id, "email": anna.email}
    await gateway.deliver("identity.account.disabled.v1", data, subject=anna.account_id)

    async def is_out() -> bool:
        return (await signed_in.get("/bff/user")).status_code == 401

    await eventually(is_out, within=1)


async def test_changed_rights_reach_the_token_without_a_new_sign_in(
    signed_in: httpx.AsyncClient, gateway: RunningService, party: Party, anna: Person
) -> None:
    await signed_in.get("/api/v1/products")
    refreshes = party.refreshes
    data = {"account_id": anna.account_id, "organization_id": "org_1", "roles": ["member"]}

    await gateway.deliver("identity.member.changed.v1", data, subject="mem_1")

    async def token_is_new() -> bool:
        answer = await signed_in.get("/api/v1/products")
        return answer.status_code == 200 and party.refreshes > refreshes

    await eventually(token_is_new, within=2)
