"""The account page, used like a person uses it."""

import base64
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from identity.mfa.rules import code_at
from tests.harness.service import RunningService
from tests.identity.people import OTHER_PASSWORD, PASSWORD, choose_password, invited, link_for


@asynccontextmanager
async def signed_in(identity: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which a new person has just activated the account."""
    account = await invited(identity)
    async with identity.anonymous() as browser:
        await choose_password(browser, await link_for(identity, account["email"]))
        yield browser


async def test_without_a_session_the_page_asks_to_sign_in(identity: RunningService) -> None:
    async with identity.anonymous() as browser:
        shown = await browser.get("/account?view=password")
        posted = await browser.post("/account", data={"action": "end_other_sessions"})
    assert shown.status_code == posted.status_code == 303
    assert shown.headers["location"] == "/bff/login?return_to=%2Faccount%3Fview%3Dpassword"


async def test_the_page_exists_in_every_language(identity: RunningService) -> None:
    async with signed_in(identity) as browser:
        for language, title in {
            "en": "Your account",
            "fr": "Votre compte",
            "de": "Ihr Konto",
            "it": "Il vostro account",
        }.items():
            for view in ("", "password", "second-factor"):
                page = await browser.get("/account", params={"lang": language, "view": view})
                assert page.status_code == 200
                assert title in page.text


async def test_profile_and_language(identity: RunningService) -> None:
    async with signed_in(identity) as browser:
        saved = await browser.post("/account", data={"action": "profile", "name": "Neue Name", "locale": "it"})
        page = await browser.get("/account")
        wrong = await browser.post("/account", data={"action": "profile", "name": "", "locale": "xx"})
    assert saved.status_code == 303
    assert "Neue Name" in page.text
    assert "Il vostro profilo è salvato." in page.text
    assert wrong.status_code == 422


async def test_changing_the_password_keeps_this_browser_signed_in(identity: RunningService) -> None:
    form = {"action": "password", "current_password": PASSWORD}
    async with signed_in(identity) as browser:
        wrong = await browser.post(
            "/account",
            data=form | {"current_password": "no", "password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD},
        )
        unlike = await browser.post("/account", data=form | {"password": OTHER_PASSWORD, "password_confirmation": "x"})
        saved = await browser.post(
            "/account", data=form | {"password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD}
        )
        page = await browser.get("/account")
    assert wrong.status_code == unlike.status_code == 422
    assert saved.status_code == 303
    assert page.status_code == 200


async def test_a_second_factor_is_set_up_and_removed(identity: RunningService) -> None:
    async with signed_in(identity) as browser:
        refused = await browser.post("/account", data={"action": "begin_second_factor", "current_password": "no"})
        shown = await browser.post("/account", data={"action": "begin_second_factor", "current_password": PASSWORD})
        secret = secret_on(shown.text)
        again = await browser.post("/account", data={"action": "confirm_second_factor", "code": "000000x"})
        code = code_at(secret, int(time.time()) // 30)
        codes = await browser.post("/account", data={"action": "confirm_second_factor", "code": code})
        page = await browser.get("/account?view=second-factor")
        removed = await browser.post("/account", data={"action": "remove_second_factor", "current_password": PASSWORD})

    assert refused.status_code == again.status_code == 422
    assert secret_on(again.text) == secret
    assert len(re.findall(r"<code>[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}</code>", codes.text)) == 10
    assert "10 recovery codes left" in page.text
    assert removed.status_code == 303


async def test_sessions_end_one_by_one(identity: RunningService) -> None:
    async with signed_in(identity) as browser:
        page = await browser.get("/account")
        ended = await browser.post("/account", data={"action": "end_session", "session_id": "ses_of_somebody_else"})
        unknown = await browser.post("/account", data={"action": "launch_rockets"})
    assert "This browser" in page.text
    assert ended.status_code == 303
    assert unknown.status_code == 404


def secret_on(html: str) -> bytes:
    text = re.search(r"<code>([A-Z2-7 ]+)</code>", html)
    assert text is not None
    return base64.b32decode(text.group(1).replace(" ", ""))
