"""The pages in a real browser: what customers were told to click, in their language, at desktop and phone width."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from deploy.demo.customers import CAST
from deploy.demo.export import email_of
from tests.harness.browser import DESKTOP, PHONE, Person, running_browser
from tests.harness.platform import Platform, patiently
from tests.system.test_transfer_story import PASSWORD, link_in

pytestmark = [pytest.mark.system, pytest.mark.browser]

COUVERTURE = CAST[7]
PUBLIC_PAGES = ("/", "/login", "/recover", "/signed-out", "/docs")
BUYER_PAGES = (
    "/",
    "/licenses",
    "/shop",
    "/shop/wishlist",
    "/account",
    "/account?view=password",
    "/account/orders",
    "/account/orders/legacy",
    "/account/subscriptions",
    "/account/payment-methods",
    "/account/profile",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of this file."""
    with running_browser() as browser:
        yield browser


def test_a_french_buyer_activates_and_assigns_a_license_as_the_six_steps_say(
    platform: Platform, chromium: Browser
) -> None:
    mail = next(m for m in platform.mails(to=email_of(COUVERTURE)) if m["subject"].startswith("Bienvenue chez"))
    assert "Activer votre compte" in mail["html"]
    person = Person(chromium, platform.public_url, locale="fr-FR")
    page = person.open(link_in(mail["text"]))
    person.picture("activate-fr")
    assert person.shows_no_sideways_scrolling()
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=password_confirmation]", PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    page.wait_for_url(re.compile(rf"{platform.public_url}/(\?.*)?$"))
    person.picture("portal-fr")

    page.goto("/licenses")
    expect(page.get_by_role("heading", name="Mes licences")).to_be_visible()
    person.picture("licenses-fr")
    page.get_by_role("link", name="Gérer les utilisateurs").first.click()
    person.picture("seats-fr")
    page.get_by_text("Nouvel utilisateur").first.click()
    page.locator("[name=emails]").fill("anne.lebrun@couverture-le.example")
    person.picture("new-user-fr")
    page.get_by_role("button", name="Soumettre").first.click()
    expect(page.get_by_text("anne.lebrun@couverture-le.example").first).to_be_visible()
    person.picture("assigned-fr")

    invitation = patiently(lambda: platform.mails(to="anne.lebrun@couverture-le.example"))[0]
    assert "/activate/" in invitation["text"]
    assert person.complaints == []
    person.leave()


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["en", "fr", "de", "it"])
def test_every_page_of_a_buyer_fits_and_speaks_the_language(
    platform: Platform, chromium: Browser, language: str, size: str
) -> None:
    person = Person(chromium, platform.public_url, locale=language, viewport=PHONE if size == "phone" else DESKTOP)
    person.sign_in(**platform.accounts["buyer"])
    person.open(f"/?lang={language}")
    for path in BUYER_PAGES:
        person.open(path)
        person.picture(f"buyer{path.replace('/', '-')}-{language}-{size}")
        assert person.page.locator("html").get_attribute("lang") == language, path
        assert person.page.locator("h1").count() == 1, path
        assert person.shows_no_sideways_scrolling(), path
    assert person.complaints == []
    person.leave()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_operator_plans_and_follows_transfers(platform: Platform, chromium: Browser, language: str) -> None:
    person = Person(chromium, platform.public_url, locale=language)
    person.sign_in(**platform.accounts["operator"])
    page = person.open("/operator/transfers")
    person.picture(f"operator-transfers-{language}")
    page.get_by_role("link", name="Today").first.click()
    person.picture(f"operator-wave-{language}")
    expect(page.locator("h1")).to_contain_text("Today")
    assert person.shows_no_sideways_scrolling()
    assert person.complaints == []
    person.leave()


def test_public_pages_need_no_sign_in(platform: Platform, chromium: Browser) -> None:
    person = Person(chromium, platform.public_url)
    for path in PUBLIC_PAGES:
        answer = person.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert person.shows_no_sideways_scrolling(), path
        person.picture(f"public{path.replace('/', '-')}")
    assert person.complaints == []
    person.leave()


def test_a_member_may_not_manage(platform: Platform, chromium: Browser) -> None:
    person = Person(chromium, platform.public_url)
    person.sign_in(**platform.accounts["member"])
    for path in ("/licenses", "/account/orders", "/operator/transfers"):
        answer = person.page.goto(path)
        assert answer is not None
        assert answer.status in (200, 403)
        if answer.status == 200:
            assert "Manage users" not in person.page.content()
    person.picture("member-refused")
    person.leave()
