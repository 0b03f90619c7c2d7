"""How a client steers the sign-in: OpenID Connect Core 1.0 §3.1.2.1, §3.1.2.6."""

from datetime import timedelta

from sqlalchemy import select

from chassis.kernel.clock import FrozenClock, SystemClock
from identity.oauth.models import authorization_requests
from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import a_browser, an_app, answer_in, ask, read_jwt, sign_in, tokens_for


async def test_prompt_none_shows_no_page(identity: RunningService) -> None:
    """login_required when nobody is signed in, a code when somebody is."""
    account = await active(identity)
    app = await an_app(identity)
    async with identity.anonymous() as stranger:
        nobody = await ask(stranger, app.question(prompt="none"))
    somebody = await ask(await a_browser(identity, account), app.question(prompt="none"))

    assert nobody["error"] == "login_required"
    assert "code" in somebody


async def test_prompt_none_cannot_ask_for_consent(identity: RunningService) -> None:
    """consent_required."""
    app = await an_app(identity, first_party=False)

    answer = await ask(await a_browser(identity, await active(identity)), app.question(prompt="none"))

    assert answer["error"] == "consent_required"


async def test_prompt_login_asks_for_the_password_again(identity: RunningService) -> None:
    """And auth_time tells of the new sign-in; the session stays the same one."""
    account = await active(identity)
    app = await an_app(identity)
    browser = await a_browser(identity, account)
    _, before = await read_jwt(identity, (await tokens_for(app, browser))["id_token"])
    asked = app.question(prompt="login")

    to_login = await browser.get("/oauth2/authorize", params=asked)
    interaction = answer_in(to_login.headers["location"])["interaction"]
    without = await browser.get("/oauth2/authorize/continue", params={"interaction": interaction})
    signed_in = await sign_in(browser, account["email"], interaction=interaction)
    back = await browser.get(signed_in.headers["location"])
    tokens = (await app.redeem(asked, answer_in(back.headers["location"]))).json()

    assert without.headers["location"].startswith("/login")
    _, after = await read_jwt(identity, tokens["id_token"])
    assert after["sid"] == before["sid"]
    assert after["auth_time"] >= before["auth_time"]


async def test_max_age_asks_again_when_the_sign_in_is_too_old(identity: RunningService) -> None:
    """max_age counts from the real sign-in, and auth_time is in the id token."""
    account = await active(identity)
    app = await an_app(identity)
    clock = FrozenClock(SystemClock().now())
    identity.runtime.edges.real_clock = clock
    try:
        browser = await a_browser(identity, account)
        young = await browser.get("/oauth2/authorize", params=app.question(max_age="600"))
        clock.advance(timedelta(seconds=601))
        old = await browser.get("/oauth2/authorize", params=app.question(max_age="600"))
        at_once = await ask(browser, app.question(max_age="0", prompt="none"))
    finally:
        identity.runtime.edges.real_clock = SystemClock()

    assert "code" in answer_in(young.headers["location"])
    assert old.headers["location"].startswith("/login")
    assert at_once["error"] == "login_required"


async def test_select_account_lets_the_person_go_on_or_change(identity: RunningService) -> None:
    """account_selection_required without a page; one click, or another account, with one."""
    first, second = await active(identity), await active(identity)
    app = await an_app(identity)
    browser = await a_browser(identity, first)

    silent = await ask(browser, app.question(prompt="none"))
    asked = app.question(prompt="select_account")
    to_page = await browser.get("/oauth2/authorize", params=asked)
    interaction = answer_in(to_page.headers["location"])["interaction"]
    page = await browser.get(to_page.headers["location"])
    chosen = await browser.post("/login", data={"interaction": interaction, "account": "continue"})
    answer = answer_in((await browser.get(chosen.headers["location"])).headers["location"])

    assert "code" in silent
    assert first["email"] in page.text
    _, claims = await read_jwt(identity, (await app.redeem(asked, answer)).json()["id_token"])
    assert claims["sub"] == first["id"]

    asked = app.question(prompt="select_account")
    to_page = await browser.get("/oauth2/authorize", params=asked)
    interaction = answer_in(to_page.headers["location"])["interaction"]
    changed = await sign_in(browser, second["email"], interaction=interaction)
    answer = answer_in((await browser.get(changed.headers["location"])).headers["location"])
    _, claims = await read_jwt(identity, (await app.redeem(asked, answer)).json()["id_token"])
    assert claims["sub"] == second["id"]


async def test_a_hint_at_somebody_else_asks_for_a_sign_in(identity: RunningService) -> None:
    """id_token_hint: login_required with prompt=none when another person is signed in."""
    first, second = await active(identity), await active(identity)
    app = await an_app(identity)
    hint = (await tokens_for(app, await a_browser(identity, first)))["id_token"]

    other = await ask(await a_browser(identity, second), app.question(prompt="none", id_token_hint=hint))
    same = await ask(await a_browser(identity, first), app.question(prompt="none", id_token_hint=hint))

    assert other["error"] == "login_required"
    assert "code" in same


async def test_a_hint_is_kept_through_the_sign_in_and_no_token_is_stored(identity: RunningService) -> None:
    """Whoever signs in instead of the person hinted at is asked again; only whom the id token names is kept."""
    hinted, other = await active(identity), await active(identity)
    app = await an_app(identity)
    hint = (await tokens_for(app, await a_browser(identity, hinted)))["id_token"]
    async with identity.anonymous() as browser:
        to_login = await browser.get("/oauth2/authorize", params=app.question(id_token_hint=hint))
        interaction = answer_in(to_login.headers["location"])["interaction"]
        wrong = await sign_in(browser, other["email"], interaction=interaction)
        asked_again = await browser.get(wrong.headers["location"])
        right = await sign_in(browser, hinted["email"], interaction=interaction)
        answer = answer_in((await browser.get(right.headers["location"])).headers["location"])
    await app.post("/oauth2/par", **app.question(id_token_hint=hint))

    assert asked_again.headers["location"].startswith("/login")
    assert "code" in answer
    async with identity.runtime.database.read() as reader:
        stored = await reader.all(select(authorization_requests.c.parameters))
    assert not any(hint in str(row.parameters) for row in stored)


async def test_the_login_hint_fills_in_the_address(identity: RunningService) -> None:
    """login_hint, escaped."""
    app = await an_app(identity)
    async with identity.anonymous() as browser:
        to_login = await browser.get("/oauth2/authorize", params=app.question(login_hint='"><b>anna@muster.example'))
        page = await browser.get(to_login.headers["location"])

    assert "anna@muster.example" in page.text
    assert "<b>" not in page.text


async def test_an_interaction_is_answered_once(identity: RunningService) -> None:
    """Going back and submitting again gets no second code."""
    account = await active(identity)
    app = await an_app(identity)
    browser = identity.anonymous()
    to_login = await browser.get("/oauth2/authorize", params=app.question())
    interaction = answer_in(to_login.headers["location"])["interaction"]
    signed_in = await sign_in(browser, account["email"], interaction=interaction)

    first = await browser.get(signed_in.headers["location"])
    second = await browser.get(signed_in.headers["location"])

    assert first.status_code == 303
    assert second.status_code == 400
