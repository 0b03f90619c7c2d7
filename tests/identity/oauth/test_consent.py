"""Consent: OpenID Connect Core 1.0 §3.1.2.4; stored, shown, withdrawn."""

from typing import Any

import httpx

from tests.harness.service import RunningService
from tests.identity.people import active, as_person
from tests.identity.provider import App, a_browser, an_app, answer_in, ask, tokens_for, userinfo


async def decide(browser: httpx.AsyncClient, app: App, decision: str, **changes: Any) -> dict[str, str]:
    """From the request over the consent page to the answer."""
    asked = app.question(**changes)
    to_page = await browser.get("/oauth2/authorize", params=asked)
    assert to_page.headers["location"].startswith("/consent?"), to_page.headers
    page = await browser.get(to_page.headers["location"])
    assert page.status_code == 200
    assert app.registration["client_name"] in page.text
    interaction = answer_in(to_page.headers["location"])["interaction"]
    decided = await browser.post("/consent", data={"interaction": interaction, "decision": decision})
    assert decided.status_code == 303
    if decision == "deny":
        return answer_in(decided.headers["location"])
    back = await browser.get(decided.headers["location"])
    return answer_in(back.headers["location"]) | {"challenge": asked["code_challenge"]}


async def test_a_partner_needs_the_person_s_consent_once(identity: RunningService) -> None:
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity, first_party=False)

    first = await decide(browser, app, "allow")
    second = await ask(browser, app.question())

    assert "code" in first
    assert "code" in second


async def test_saying_no_is_an_answer_too(identity: RunningService) -> None:
    """RFC 6749 §4.1.2.1: access_denied; nothing is stored, the next request asks again."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity, first_party=False)

    refused = await decide(browser, app, "deny")
    again = await decide(browser, app, "deny")

    assert refused["error"] == again["error"] == "access_denied"


async def test_more_scopes_need_a_new_consent(identity: RunningService) -> None:
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity, first_party=False)
    await decide(browser, app, "allow", scope="openid")

    same = await ask(browser, app.question(scope="openid"))
    more = await decide(browser, app, "allow", scope="openid email")
    both = await ask(browser, app.question(scope="openid email"))

    assert "code" in same
    assert "code" in more
    assert "code" in both


async def test_prompt_consent_asks_even_the_vendor_s_own_people(identity: RunningService) -> None:
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity)

    answer = await decide(browser, app, "allow", prompt="consent")

    assert "code" in answer


async def test_a_withdrawn_consent_ends_the_tokens(identity: RunningService) -> None:
    """GET|DELETE /me/consents: by client id."""
    account = await active(identity)
    browser = await a_browser(identity, account)
    app = await an_app(identity, first_party=False, client_name="ERP connector")
    await decide(browser, app, "allow")
    tokens = await tokens_for(app, browser)

    async with as_person(identity, account) as me:
        listed = (await me.get("/api/v1/me/consents")).json()["items"]
        gone = await me.delete(f"/api/v1/me/consents/{app.id}")
        again = await me.delete(f"/api/v1/me/consents/{app.id}")
        empty = (await me.get("/api/v1/me/consents")).json()["items"]

    assert [(item["client_id"], item["client_name"]) for item in listed] == [(app.id, "ERP connector")]
    assert gone.status_code == 204
    assert again.status_code == 404
    assert empty == []
    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await userinfo(identity, tokens["access_token"])).status_code == 401
    assert "code" in await decide(browser, app, "allow")


async def test_nobody_else_can_answer_the_question(identity: RunningService) -> None:
    """The choice of one person does not count for another in the same browser."""
    first, second = await active(identity), await active(identity)
    app = await an_app(identity, first_party=False)
    browser = await a_browser(identity, first)
    to_page = await browser.get("/oauth2/authorize", params=app.question())
    interaction = answer_in(to_page.headers["location"])["interaction"]
    await browser.post("/consent", data={"interaction": interaction, "decision": "allow"})

    other = await a_browser(identity, second)
    answer = await other.get("/oauth2/authorize/continue", params={"interaction": interaction})

    assert answer.headers["location"].startswith("/consent?")


async def test_another_site_cannot_submit_the_form(identity: RunningService) -> None:
    """The page takes forms of its own origin only."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity, first_party=False)
    to_page = await browser.get("/oauth2/authorize", params=app.question())
    interaction = answer_in(to_page.headers["location"])["interaction"]

    answer = await browser.post(
        "/consent",
        data={"interaction": interaction, "decision": "allow"},
        headers={"Origin": "https://attacker.example", "Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403
