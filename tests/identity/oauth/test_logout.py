"""Sign out once, everywhere: OpenID Connect RP-Initiated Logout 1.0 and Back-Channel Logout 1.0."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import a_browser, an_app, ask, read_jwt, tokens_for

AFTERWARDS = "http://localhost:9999/bye"


class Listener:
    """A client's back-channel endpoint that answers what the test says."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.received: list[str] = []
        self.uri = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        form = parse_qs((await reader.readexactly(length)).decode())
        status = self.statuses.pop(0) if self.statuses else 200
        self.received.append(form["logout_token"][0])
        writer.write(f"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """A real endpoint on the loopback interface."""
    listener = Listener()
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    listener.uri = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/backchannel?tenant=7"
    async with server:
        yield listener


async def with_logout(identity: RunningService, **metadata: Any) -> Any:
    """A client that may be returned to after a logout."""
    return await an_app(identity, post_logout_redirect_uris=[AFTERWARDS], **metadata)


async def test_a_client_signs_its_person_out(identity: RunningService) -> None:
    """RP-Initiated §2, §3: no question asked, back to the client with the state, the session is over."""
    app = await with_logout(identity)
    browser = await a_browser(identity, await active(identity))
    tokens = await tokens_for(app, browser)
    _, claims = await read_jwt(identity, tokens["id_token"])

    answer = await browser.get(
        "/oauth2/logout",
        params={"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTERWARDS, "state": "s 1"},
    )

    assert answer.headers["location"] == f"{AFTERWARDS}?state=s+1"
    assert (await ask(browser, app.question(prompt="none")))["error"] == "login_required"
    ended = await identity.published("identity.session.ended.v1")
    assert claims["sid"] in {event["session_id"] for event in ended}


async def test_without_a_target_there_is_a_page(identity: RunningService) -> None:
    app = await with_logout(identity)
    browser = await a_browser(identity, await active(identity))
    tokens = await tokens_for(app, browser)

    answer = await browser.post("/oauth2/logout", data={"id_token_hint": tokens["id_token"]})
    page = await browser.get(answer.headers["location"])

    assert answer.headers["location"] == "/signed-out"
    assert page.status_code == 200


async def test_without_a_hint_the_person_is_asked(identity: RunningService) -> None:
    """§2: the OP asks when it cannot tell who wants this; another site's form does not count."""
    app = await with_logout(identity)
    browser = await a_browser(identity, await active(identity))
    form = {"client_id": app.id, "post_logout_redirect_uri": AFTERWARDS}

    page = await browser.get("/oauth2/logout", params=form)
    forged = await browser.post(
        "/oauth2/logout", data=form | {"confirmed": "yes"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    still = await ask(browser, app.question(prompt="none"))
    confirmed = await browser.post("/oauth2/logout", data=form | {"confirmed": "yes"})

    assert page.status_code == 200
    assert "<form" in page.text
    assert forged.status_code == 200
    assert "code" in still
    assert confirmed.headers["location"] == AFTERWARDS
    assert (await ask(browser, app.question(prompt="none")))["error"] == "login_required"


async def test_somebody_else_s_token_signs_nobody_out(identity: RunningService) -> None:
    app = await with_logout(identity)
    other = await tokens_for(app, await a_browser(identity, await active(identity)))
    browser = await a_browser(identity, await active(identity))

    page = await browser.get("/oauth2/logout", params={"id_token_hint": other["id_token"]})

    assert page.status_code == 200
    assert "code" in await ask(browser, app.question(prompt="none"))


@pytest.mark.parametrize(
    "changes",
    [
        {"post_logout_redirect_uri": "https://attacker.example/"},
        {"post_logout_redirect_uri": AFTERWARDS + "/"},
        {"id_token_hint": "e30.e30.e30"},
        {"client_id": "cli_unheard_of"},
    ],
)
async def test_nobody_is_sent_to_a_foreign_address(identity: RunningService, changes: dict[str, str]) -> None:
    """§3: no redirect to what is not registered."""
    app = await with_logout(identity)
    browser = await a_browser(identity, await active(identity))
    tokens = await tokens_for(app, browser)

    answer = await browser.get(
        "/oauth2/logout",
        params={"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTERWARDS} | changes,
    )

    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_a_disabled_client_gets_nobody_sent_to_it(identity: RunningService) -> None:
    app = await with_logout(identity)
    browser = await a_browser(identity, await active(identity))
    tokens = await tokens_for(app, browser)
    async with identity.operator() as operator:
        await operator.patch(f"/api/v1/clients/{app.id}", json={"status": "disabled"})

    answer = await browser.get(
        "/oauth2/logout", params={"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTERWARDS}
    )

    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_signing_out_twice_is_harmless(identity: RunningService) -> None:
    app = await with_logout(identity)
    browser = await a_browser(identity, await active(identity))
    tokens = await tokens_for(app, browser)
    parameters = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTERWARDS}

    answers = [await browser.get("/oauth2/logout", params=parameters) for _ in range(2)]

    assert [answer.headers["location"] for answer in answers] == [AFTERWARDS] * 2


async def test_every_client_of_the_session_is_told(identity: RunningService) -> None:
    """Back-Channel §2.4, §2.5: a signed token with sub, sid and the event, and no nonce."""
    browser = await a_browser(identity, await active(identity))
    async with listening() as first, listening() as second:
        apps = [
            await with_logout(identity, backchannel_logout_uri=first.uri),
            await with_logout(identity, backchannel_logout_uri=second.uri, id_token_signed_response_alg="RS256"),
        ]
        tokens = [await tokens_for(app, browser) for app in apps]
        _, id_claims = await read_jwt(identity, tokens[0]["id_token"])

        await browser.get("/oauth2/logout", params={"id_token_hint": tokens[0]["id_token"]})
        await eventually(lambda: len(first.received) == 1 and len(second.received) == 1)

        header, claims = await read_jwt(identity, first.received[0])
        other_header, other = await read_jwt(identity, second.received[0])

    assert header["typ"] == "logout+jwt"
    assert header["alg"] == "ES256"
    assert other_header["alg"] == "RS256"
    assert (claims["aud"], other["aud"]) == (apps[0].id, apps[1].id)
    assert claims["sub"] == id_claims["sub"]
    assert claims["sid"] == id_claims["sid"]
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert claims["exp"] - claims["iat"] == 120
    assert "nonce" not in claims
    assert claims["jti"] != other["jti"]


async def test_a_client_that_is_down_is_told_again(identity: RunningService) -> None:
    """The delivery is a job: it survives a failure of the other side, with a fresh token each time."""
    browser = await a_browser(identity, await active(identity))
    async with listening() as listener:
        listener.statuses = [503, 200]
        app = await with_logout(identity, backchannel_logout_uri=listener.uri)
        tokens = await tokens_for(app, browser)

        await browser.get("/oauth2/logout", params={"id_token_hint": tokens["id_token"]})
        await eventually(lambda: len(listener.received) == 2)

    assert listener.received[0] != listener.received[1]


async def test_clients_that_never_saw_the_session_are_not_told(identity: RunningService) -> None:
    account = await active(identity)
    async with listening() as told, listening() as untold:
        app = await with_logout(identity, backchannel_logout_uri=told.uri)
        other = await with_logout(identity, backchannel_logout_uri=untold.uri)
        browser = await a_browser(identity, account)
        tokens = await tokens_for(app, browser)
        await tokens_for(other, await a_browser(identity, account))

        await browser.get("/oauth2/logout", params={"id_token_hint": tokens["id_token"]})
        await eventually(lambda: len(told.received) == 1)

        assert untold.received == []


async def test_partners_with_offline_access_stay_connected(identity: RunningService) -> None:
    """Back-Channel §2.7: refresh tokens with offline_access survive, first-party ones do not."""
    account = await active(identity)
    browser = await a_browser(identity, account)
    own, partner = await with_logout(identity), await with_logout(identity, first_party=False)
    own_tokens = await tokens_for(own, browser)
    to_page = await browser.get("/oauth2/authorize", params=partner.question())
    interaction = to_page.headers["location"].partition("interaction=")[2]
    await browser.post("/consent", data={"interaction": interaction, "decision": "allow"})
    partner_tokens = await tokens_for(partner, browser)

    await browser.get("/oauth2/logout", params={"id_token_hint": own_tokens["id_token"]})

    assert (await own.refresh(own_tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await partner.refresh(partner_tokens["refresh_token"])).status_code == 200
