"""The second factor at sign-in: OWASP ASVS 5.0, 6.5; `amr` and `acr` tell of it."""

import base64
import re
import time
from typing import Any

from identity.mfa.rules import code_at
from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, active, as_person
from tests.identity.provider import an_app, read_jwt, sign_in, tokens_for


async def enrolled(identity: RunningService) -> tuple[dict[str, Any], bytes, list[str]]:
    """An account with an authenticator: account, its secret, its recovery codes."""
    account = await active(identity)
    async with as_person(identity, account) as me:
        begun = (await me.post("/api/v1/me/mfa/totp", json={"current_password": PASSWORD})).json()
        secret = base64.b32decode(begun["secret"] + "=" * (-len(begun["secret"]) % 8))
        code = code_at(secret, int(time.time()) // 30 - 1)
        confirmed = await me.post("/api/v1/me/mfa/totp/confirm", json={"code": code})
    assert confirmed.is_success, confirmed.text
    return account, secret, confirmed.json()["recovery_codes"]


def ticket_on(page: str) -> str:
    """The sealed ticket that the form carries."""
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found, page
    return found[1]


async def test_the_password_alone_does_not_open(identity: RunningService) -> None:
    account, secret, _ = await enrolled(identity)
    app = await an_app(identity)
    browser = identity.anonymous()

    page = await sign_in(browser, account["email"])
    wrong = await browser.post("/login/second-factor", data={"ticket": ticket_on(page.text), "code": "000000"})
    code = code_at(secret, int(time.time()) // 30)
    opened = await browser.post("/login/second-factor", data={"ticket": ticket_on(wrong.text), "code": code})
    again = await browser.post("/login/second-factor", data={"ticket": ticket_on(wrong.text), "code": code})

    assert page.status_code == 200
    assert "op" not in page.cookies
    assert wrong.status_code == 422
    assert opened.status_code == 303
    assert again.status_code == 422, "a code counts once"
    _, claims = await read_jwt(identity, (await tokens_for(app, browser))["id_token"])
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    assert claims["acr"].endswith("second-factor")


async def test_a_recovery_code_opens_once(identity: RunningService) -> None:
    account, _, codes = await enrolled(identity)
    answers = []
    for _ in range(2):
        browser = identity.anonymous()
        page = await sign_in(browser, account["email"])
        form = {"ticket": ticket_on(page.text), "code": codes[0]}
        answers.append((await browser.post("/login/second-factor", data=form)).status_code)

    assert answers == [303, 422]


async def test_guessing_codes_is_throttled(identity: RunningService) -> None:
    account, _, _ = await enrolled(identity)
    browser = identity.anonymous()
    page = await sign_in(browser, account["email"])
    form = {"ticket": ticket_on(page.text), "code": "000000"}

    answers = [(await browser.post("/login/second-factor", data=form)).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


async def test_a_made_up_ticket_leads_back_to_the_start(identity: RunningService) -> None:
    async with identity.anonymous() as browser:
        for ticket in ("", "x", "é", "AAAA" * 50, "x" * 5000):
            answer = await browser.post("/login/second-factor", data={"ticket": ticket, "code": "000000"})
            assert answer.status_code == 422
            assert 'name="password"' in answer.text
