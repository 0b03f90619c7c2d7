"""A code is good once: RFC 6749 §4.1.2, RFC 9700 §2.1.1, whatever happens at the same time."""

import asyncio
from datetime import timedelta

from chassis.kernel.clock import FrozenClock, SystemClock
from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import CALLBACK, a_browser, an_app, ask, userinfo


async def test_a_code_that_comes_twice_takes_everything_back(identity: RunningService) -> None:
    """RFC 6749 §4.1.2: the tokens that the first time gave are revoked."""
    app = await an_app(identity)
    asked = app.question()
    answer = await ask(await a_browser(identity, await active(identity)), asked)

    first = await app.redeem(asked, answer)
    second = await app.redeem(asked, answer)

    tokens = first.json()
    assert second.status_code == 400
    assert second.json()["error"] == "invalid_grant"
    assert (await userinfo(identity, tokens["access_token"])).status_code == 401
    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_ten_codes_redeemed_eight_times_at_once_give_ten_answers(identity: RunningService) -> None:
    """Exactly one of the parallel redemptions of a code wins."""
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    questions = [app.question() for _ in range(10)]
    answers = [await ask(browser, asked) for asked in questions]

    redeemed = await asyncio.gather(
        *[app.redeem(asked, answer) for asked, answer in zip(questions, answers, strict=True) for _ in range(8)]
    )

    statuses = [answer.status_code for answer in redeemed]
    assert statuses.count(200) == 10
    assert statuses.count(400) == 70
    for number in range(10):
        assert sum(answer.status_code == 200 for answer in redeemed[number * 8 : number * 8 + 8]) == 1


async def test_a_code_lives_a_minute(identity: RunningService) -> None:
    """RFC 6749 §4.1.2: short lived."""
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    asked = app.question()
    answer = await ask(browser, asked)
    identity.runtime.edges.real_clock = FrozenClock(SystemClock().now() + timedelta(seconds=61))
    try:
        late = await app.redeem(asked, answer)
    finally:
        identity.runtime.edges.real_clock = SystemClock()

    assert late.json()["error"] == "invalid_grant"


async def test_a_code_belongs_to_its_client_and_address(identity: RunningService) -> None:
    """RFC 6749 §4.1.3."""
    app, other = await an_app(identity), await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    asked = app.question()
    answer = await ask(browser, asked)

    stolen = await other.post(
        "/oauth2/token",
        grant_type="authorization_code",
        code=answer["code"],
        redirect_uri=CALLBACK,
        code_verifier=app.verifiers[asked["code_challenge"]],
    )
    own = await app.redeem(asked, answer)
    asked = app.question()
    misplaced = await app.redeem(asked, await ask(browser, asked), redirect_uri=CALLBACK + "/elsewhere")

    assert stolen.json()["error"] == "invalid_grant"
    assert own.status_code == 200
    assert misplaced.json()["error"] == "invalid_grant"
