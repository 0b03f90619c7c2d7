"""The page /login: a plain form in four languages."""

import pytest

from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, active, invited
from tests.identity.provider import an_app, answer_in, sign_in


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Sign in"), ("fr", "Se connecter"), ("de", "Anmelden"), ("it", "Accedi")]
)
async def test_it_speaks_the_visitor_s_language(identity: RunningService, language: str, title: str) -> None:
    async with identity.anonymous() as browser:
        page = await browser.get("/login", headers={"Accept-Language": language})

    assert page.status_code == 200
    assert title in page.text
    assert 'name="email"' in page.text
    assert 'name="password"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_addresses_are_taken_in_any_case(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.anonymous() as browser:
        answer = await sign_in(browser, f"  {account['email'].upper()} ")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("return_to", "location"),
    [
        ("/account?tab=2", "/account?tab=2"),
        ("https://attacker.example/", "/"),
        ("//attacker.example/", "/"),
        ("/\\attacker.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
async def test_it_leads_back_within_this_origin_only(identity: RunningService, return_to: str, location: str) -> None:
    """RFC 9700 §4.11.2."""
    account = await active(identity)
    async with identity.anonymous() as browser:
        answer = await sign_in(browser, account["email"], return_to=return_to)

    assert answer.headers["location"] == location


async def test_accounts_that_are_not_active_look_like_unknown_ones(identity: RunningService) -> None:
    waiting, closed = await invited(identity), await active(identity)
    async with identity.operator() as operator:
        await operator.post(f"/api/v1/accounts/{closed['id']}/disable")
    async with identity.anonymous() as browser:
        answers = [
            await sign_in(browser, email) for email in (waiting["email"], closed["email"], "nobody@muster.example")
        ]

    assert [answer.status_code for answer in answers] == [422] * 3


async def test_another_site_cannot_sign_somebody_in(identity: RunningService) -> None:
    """No login by a forged form."""
    account = await active(identity)
    async with identity.anonymous() as browser:
        answer = await browser.post(
            "/login",
            data={"email": account["email"], "password": "x"},
            headers={"Origin": "https://attacker.example"},
        )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_forty_looks_in_a_moment_are_fine(identity: RunningService) -> None:
    async with identity.anonymous() as browser:
        statuses = {(await browser.get("/login")).status_code for _ in range(40)}

    assert statuses == {200}


async def test_the_sign_in_is_in_the_audit_book(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.anonymous() as browser:
        await sign_in(browser, account["email"])
    async with identity.operator() as operator:
        entries = (await operator.get("/api/v1/audit-entries", params={"target": account["id"]})).json()["items"]

    assert "session.started" in [entry["action"] for entry in entries]


async def test_the_request_that_waits_may_stand_in_the_address(identity: RunningService) -> None:
    """Somebody who sends only address and password to the page they were led to goes on to where they wanted."""
    account, app = await active(identity), await an_app(identity)
    async with identity.anonymous() as browser:
        led = await browser.get("/oauth2/authorize", params=app.question())
        answer = await browser.post(led.headers["location"], data={"email": account["email"], "password": PASSWORD})
        back = await browser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "code" in answer_in(back.headers["location"])
