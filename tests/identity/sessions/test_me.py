"""Where somebody is signed in: `/me/sessions`."""

from tests.harness.service import RunningService
from tests.identity.people import active, as_person
from tests.identity.provider import a_browser, an_app, ask, read_jwt, sign_in, tokens_for


async def test_somebody_sees_their_sessions_and_which_one_is_here(identity: RunningService) -> None:
    account = await active(identity)
    app = await an_app(identity, client_name="Planner")
    here = await a_browser(identity, account)
    there = await a_browser(identity, account)
    _, claims = await read_jwt(identity, (await tokens_for(app, here))["access_token"])

    async with as_person(identity, account, sid=claims["sid"]) as me:
        sessions = (await me.get("/api/v1/me/sessions")).json()["items"]

    current = [session for session in sessions if session["current"]]
    assert [session["id"] for session in current] == [claims["sid"]]
    assert current[0]["clients"] == ["Planner"]
    assert current[0]["amr"] == ["pwd"]
    assert len([session for session in sessions if not session["current"]]) >= 1
    assert "code" in await ask(there, app.question(prompt="none"))


async def test_one_session_can_be_ended_from_another(identity: RunningService) -> None:
    account = await active(identity)
    app = await an_app(identity)
    here, there = await a_browser(identity, account), await a_browser(identity, account)
    _, claims = await read_jwt(identity, (await tokens_for(app, there))["access_token"])

    async with as_person(identity, account) as me:
        ended = await me.delete(f"/api/v1/me/sessions/{claims['sid']}")
        again = await me.delete(f"/api/v1/me/sessions/{claims['sid']}")

    assert ended.status_code == 204
    assert again.status_code == 404
    assert (await ask(there, app.question(prompt="none")))["error"] == "login_required"
    assert "code" in await ask(here, app.question(prompt="none"))
    events = [
        event for event in await identity.published("identity.session.ended.v1") if event["session_id"] == claims["sid"]
    ]
    assert events == [{"session_id": claims["sid"], "account_id": account["id"], "reason": "ended_by_owner"}]


async def test_everything_elsewhere_can_be_ended_at_once(identity: RunningService) -> None:
    account = await active(identity)
    app = await an_app(identity)
    here, there = await a_browser(identity, account), await a_browser(identity, account)
    _, claims = await read_jwt(identity, (await tokens_for(app, here))["access_token"])

    async with as_person(identity, account, sid=claims["sid"]) as me:
        assert (await me.delete("/api/v1/me/sessions")).status_code == 204

    assert "code" in await ask(here, app.question(prompt="none"))
    assert (await ask(there, app.question(prompt="none")))["error"] == "login_required"


async def test_another_person_s_session_does_not_exist(identity: RunningService) -> None:
    account, stranger = await active(identity), await active(identity)
    app = await an_app(identity)
    browser = await a_browser(identity, account)
    _, claims = await read_jwt(identity, (await tokens_for(app, browser))["access_token"])

    async with as_person(identity, stranger) as somebody:
        answer = await somebody.delete(f"/api/v1/me/sessions/{claims['sid']}")

    assert answer.status_code == 404
    assert "code" in await ask(browser, app.question(prompt="none"))


async def test_signing_in_as_somebody_else_ends_the_session_before(identity: RunningService) -> None:
    """A browser has one session; its cookie's value is new with every sign-in."""
    first, second = await active(identity), await active(identity)
    app = await an_app(identity)
    browser = await a_browser(identity, first)
    _, claims = await read_jwt(identity, (await tokens_for(app, browser))["access_token"])
    cookie = browser.cookies["op"]

    await sign_in(browser, second["email"])

    assert browser.cookies["op"] != cookie
    ended = await identity.published("identity.session.ended.v1")
    assert claims["sid"] in [event["session_id"] for event in ended if event["reason"] == "replaced"]


async def test_the_cookie_is_for_this_origin_alone(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.anonymous() as browser:
        usual = await sign_in(browser, account["email"])
        remembered = await sign_in(browser, account["email"], remember="yes")

    cookie = next(header for header in usual.headers.get_list("set-cookie") if header.startswith("op="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Max-Age" not in cookie
    assert any("Max-Age" in header for header in remembered.headers.get_list("set-cookie") if header.startswith("op="))


async def test_nobody_sees_sessions_without_signing_in(identity: RunningService) -> None:
    async with identity.anonymous() as stranger:
        assert (await stranger.get("/api/v1/me/sessions")).status_code == 401
        assert (await stranger.get("/api/v1/me/consents")).status_code == 401


async def test_sessions_come_in_pages(identity: RunningService) -> None:
    account = await active(identity)
    for _ in range(2):
        await a_browser(identity, account)

    async with as_person(identity, account) as me:
        everything = (await me.get("/api/v1/me/sessions")).json()["items"]
        seen, cursor = [], None
        while len(seen) < len(everything):
            more = {"cursor": cursor} if cursor else {}
            page = (await me.get("/api/v1/me/sessions", params={"limit": 1} | more)).json()
            seen, cursor = seen + page["items"], page["next_cursor"]
        wrong = ({"limit": 0}, {"limit": 201}, {"cursor": "x"})
        refused = [await me.get("/api/v1/me/sessions", params=params) for params in wrong]

    assert seen == everything
    assert cursor is None
    assert [answer.status_code for answer in refused] == [422, 422, 422]
