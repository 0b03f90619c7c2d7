"""Pushed authorization requests: RFC 9126."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel.clock import FrozenClock, SystemClock
from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import App, a_browser, an_app, answer_in, ask, sign_in


async def pushed(app: App, **changes: Any) -> tuple[dict[str, str], str]:
    """What was asked, and the reference to it."""
    asked = app.question(**changes)
    answer = await app.post("/oauth2/par", **asked)
    assert answer.status_code == 201, answer.text
    assert answer.json()["expires_in"] == 90
    return asked, answer.json()["request_uri"]


async def test_a_pushed_request_is_opened_by_its_reference(identity: RunningService) -> None:
    """§2.2, §4: only client_id and request_uri go through the browser."""
    app = await an_app(identity)
    asked, request_uri = await pushed(app)

    browser = await a_browser(identity, await active(identity))
    answer = await ask(browser, {"client_id": app.id, "request_uri": request_uri})
    tokens = await app.redeem(asked, answer)

    assert request_uri.startswith("urn:ietf:params:oauth:request_uri:")
    assert answer["state"] == asked["state"]
    assert tokens.status_code == 200


async def test_a_reference_gives_one_code(identity: RunningService) -> None:
    """§7.3: one use; going through the sign-in page first is still that one use."""
    app = await an_app(identity)
    account = await active(identity)
    _, request_uri = await pushed(app)
    short = {"client_id": app.id, "request_uri": request_uri}
    browser = identity.anonymous()

    to_login = await browser.get("/oauth2/authorize", params=short)
    interaction = answer_in(to_login.headers["location"])["interaction"]
    signed_in = await sign_in(browser, account["email"], interaction=interaction)
    first = await browser.get(signed_in.headers["location"])
    second = await browser.get("/oauth2/authorize", params=short)

    assert "code" in answer_in(first.headers["location"])
    assert second.status_code == 400


async def test_a_reference_lives_ninety_seconds(identity: RunningService) -> None:
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    _, request_uri = await pushed(app)
    identity.runtime.edges.real_clock = FrozenClock(SystemClock().now() + timedelta(seconds=91))
    try:
        late = await browser.get("/oauth2/authorize", params={"client_id": app.id, "request_uri": request_uri})
    finally:
        identity.runtime.edges.real_clock = SystemClock()

    assert late.status_code == 400


async def test_a_reference_belongs_to_its_client(identity: RunningService) -> None:
    """§4."""
    app, other = await an_app(identity), await an_app(identity)
    _, request_uri = await pushed(app)
    async with identity.anonymous() as browser:
        answer = await browser.get("/oauth2/authorize", params={"client_id": other.id, "request_uri": request_uri})

    assert answer.status_code == 400


async def test_a_client_may_have_to_push(identity: RunningService) -> None:
    """§5: require_pushed_authorization_requests."""
    app = await an_app(identity, require_pushed_authorization_requests=True)
    browser = await a_browser(identity, await active(identity))

    plain = await ask(browser, app.question())
    _, request_uri = await pushed(app)
    good = await ask(browser, {"client_id": app.id, "request_uri": request_uri})

    assert plain["error"] == "invalid_request"
    assert "code" in good


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://attacker.example/"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "unheard:of"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:other"}, "invalid_request"),
    ],
)
async def test_wrong_requests_are_refused_before_a_browser_sees_them(
    identity: RunningService, changes: dict[str, str], error: str
) -> None:
    """§2.3."""
    app = await an_app(identity)

    answer = await app.post("/oauth2/par", **app.question(**changes))

    assert answer.status_code == 400
    assert answer.json()["error"] == error


async def test_the_client_proves_who_it_is(identity: RunningService) -> None:
    """§2.1."""
    app = await an_app(identity)
    async with identity.anonymous() as http:
        answer = await http.post("/oauth2/par", data=app.question())

    assert answer.status_code == 401
