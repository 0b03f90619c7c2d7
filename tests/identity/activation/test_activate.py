"""“Comment activer mon compte”: a link by mail, a new password, the portal."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from identity.accounts.verify_password import verify_password
from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, an_address, an_owner, choose_password, invited, link_for


async def test_the_page_says_what_customers_were_told(identity: RunningService) -> None:
    account = await an_owner(identity)
    path = await link_for(identity, account["email"])
    words = {
        "en": ("Activate your account", "Create my account"),
        "fr": ("Activer votre compte", "Créer mon compte"),
        "de": ("Aktivieren Sie Ihr Konto", "Mein Konto erstellen"),
        "it": ("Attivate il vostro account", "Creare il mio account"),
    }
    async with identity.anonymous() as browser:
        for language, (title, button) in words.items():
            page = await browser.get(f"{path}?lang={language}")
            assert page.status_code == 200
            assert title in page.text
            assert button in page.text
            assert 'name="password"' in page.text
            assert 'name="password_confirmation"' in page.text
            assert page.headers["cache-control"] == "no-store"


async def test_a_password_opens_the_account_and_leads_into_the_portal(identity: RunningService) -> None:
    account = await an_owner(identity)
    path = await link_for(identity, account["email"])

    async with identity.anonymous() as browser:
        answer = await choose_password(browser, path)

    assert answer.status_code == 303
    assert answer.headers["location"] == "http://localhost:8080/bff/login?return_to=/"
    assert "op=" in answer.headers["set-cookie"]
    (told,) = [
        event
        for event in await identity.published("identity.account.activated.v1")
        if event["account_id"] == account["id"]
    ]
    assert told["organization_ids"] == [account["organization_id"]]
    changed = await identity.published("identity.member.changed.v1")
    assert {event["status"] for event in changed if event["account_id"] == account["id"]} == {"active"}


async def test_mail_scanners_use_nothing_up(identity: RunningService) -> None:
    account = await invited(identity)
    path = await link_for(identity, account["email"])

    async with identity.anonymous() as scanner:
        looks = [(await scanner.get(path)).status_code for _ in range(5)]
        heads = (await scanner.head(path)).status_code
    async with identity.anonymous() as browser:
        answer = await choose_password(browser, path)

    assert looks == [200] * 5
    assert heads in (200, 405)
    assert answer.status_code == 303


async def test_of_many_submissions_at_once_exactly_one_wins(identity: RunningService) -> None:
    account = await invited(identity)
    first, second = await link_for(identity, account["email"]), await link_for(identity, account["email"])
    browsers = [identity.anonymous() for _ in range(8)]

    answers = await asyncio.gather(
        *[
            choose_password(browser, path, f"{PASSWORD} number {number}")
            for number, (browser, path) in enumerate(zip(browsers, [first, second] * 4, strict=True))
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7
    events = await identity.published("identity.account.activated.v1")
    assert len([event for event in events if event["account_id"] == account["id"]]) == 1
    for browser in browsers:
        await browser.aclose()


async def test_an_invalid_form_is_shown_again_and_uses_nothing_up(identity: RunningService) -> None:
    account = await invited(identity, name="Anna Harbourmaster")
    path = await link_for(identity, account["email"])
    wrong = {
        "too short": ("short", "short", "too short"),
        "not confirmed": (PASSWORD, PASSWORD + "!", "not the same"),
        "common": ("password12345678", "password12345678", "Many people"),
        "repeated": ("abcabcabcabcabcabc", "abcabcabcabcabcabc", "Many people"),
        "about the person": ("Harbourmaster1", "Harbourmaster1", "too short"),
        "about the person, longer": ("harbourmaster12345", "harbourmaster12345", "made of your name"),
        "nothing": ("", "", "too short"),
    }
    async with identity.anonymous() as browser:
        for password, confirmation, sentence in wrong.values():
            answer = await browser.post(path, data={"password": password, "password_confirmation": confirmation})
            assert answer.status_code == 422
            assert sentence in answer.text
            assert 'name="password"' in answer.text
        assert (await choose_password(browser, path)).status_code == 303


async def test_every_unusable_link_shows_the_same_page_with_a_way_on(identity: RunningService) -> None:
    used, expired, superseded = [await invited(identity) for _ in range(3)]
    used_path = await link_for(identity, used["email"])
    expired_path = await link_for(identity, expired["email"])
    superseded_path = await link_for(identity, superseded["email"])
    await link_for(identity, superseded["email"], supersede=True)
    async with identity.runtime.database.transaction() as tx:
        await tx.execute(
            text("UPDATE action_links SET expires_at = now() - interval '1 second' WHERE account_id = :id"),
            {"id": expired["id"]},
        )
    async with identity.anonymous() as browser:
        await choose_password(browser, used_path)
    async with identity.anonymous() as browser:
        pages = [
            await browser.get(path) for path in (used_path, expired_path, superseded_path, "/activate/never-issued")
        ]
        submitted = await choose_password(browser, expired_path)

    assert {page.status_code for page in [*pages, submitted]} == {410}
    assert len({page.text.replace(str(page.url.path), "") for page in pages}) == 1
    assert 'action="/recover"' in pages[0].text
    assert "Send me a new link" in pages[0].text


async def test_two_mails_carry_two_links_and_either_opens_the_account(identity: RunningService) -> None:
    account = await invited(identity)
    older, newer = await link_for(identity, account["email"]), await link_for(identity, account["email"])

    async with identity.anonymous() as browser:
        opened = await choose_password(browser, older)
    async with identity.anonymous() as browser:
        dead = await browser.get(newer)

    assert opened.status_code == 303
    assert dead.status_code == 410


async def test_a_form_of_another_website_is_refused(identity: RunningService) -> None:
    account = await invited(identity)
    path = await link_for(identity, account["email"])
    async with identity.anonymous(headers={"Origin": "https://evil.example"}) as browser:
        answer = await choose_password(browser, path)
    assert answer.status_code == 403


async def test_the_business_clock_does_not_age_links(identity: RunningService) -> None:
    account = await invited(identity, email=an_address("patient"))
    path = await link_for(identity, account["email"])
    identity.clock.advance(timedelta(days=60))
    async with identity.anonymous() as browser:
        assert (await browser.get(path)).status_code == 200


async def test_a_long_password_of_any_characters_is_never_cut(identity: RunningService) -> None:
    account = await invited(identity)
    path = await link_for(identity, account["email"])
    long_one = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich 🥊 " * 8
    async with identity.anonymous() as browser:
        assert (await choose_password(browser, path, long_one)).status_code == 303
    email = account["email"]
    assert await verify_password(identity.runtime, email=email, password=long_one) is not None
    assert await verify_password(identity.runtime, email=email, password=long_one[:-1]) is None
