"""A portal page that is left open shows what changed, by being told; and it notices when its session has ended."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.harness.browser import DESKTOP, PHONE, Person, running_browser
from tests.harness.platform import Platform, patiently

pytestmark = [pytest.mark.system, pytest.mark.browser]

AT_ONCE = 1900
"""Milliseconds: less than it takes a page that only asks every two seconds and missed it."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of this file."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def colleague(platform: Platform, chromium: Browser) -> Iterator[Person]:
    """The member, in the App Portal."""
    person = Person(chromium, platform.public_url)
    person.sign_in(**platform.accounts["member"])
    yield person
    person.leave()


class Seat:
    """The member's seat, given and taken by the license manager."""

    def __init__(self, platform: Platform) -> None:
        self.manager = platform.signed_in("license_manager")
        self.email = platform.accounts["member"]["email"]
        self.license, self.id = next(self._found())

    def _found(self) -> Iterator[tuple[dict[str, Any], str]]:
        for license in self.manager.get("/licenses?status=active").json()["items"]:
            for seat in self.manager.get(f"/licenses/{license['id']}/assignments").json()["items"]:
                if seat["email"] == self.email and seat["status"] == "active":
                    yield license, seat["id"]

    def take(self) -> None:
        """Away with it."""
        assert self.manager.post(f"/assignments/{self.id}/deactivate").status_code == 200

    def give(self) -> None:
        """A seat again."""
        body = {"emails": [self.email], "notify": False}
        answer = self.manager.post(f"/licenses/{self.license['id']}/assignments", body)
        self.id = answer.json()["items"][0]["assignment"]["id"]


def tiles(page: Page) -> Any:
    """The vendor's applications on the page."""
    return page.locator("section[aria-labelledby=group-products] li")


def test_a_change_shows_at_once_and_the_page_does_not_keep_asking(platform: Platform, colleague: Person) -> None:
    page, seat = colleague.page, Seat(platform)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/portal/tiles" in request.url else None)
    before = tiles(page).count()
    with page.expect_response(re.compile("/portal/tiles")):
        page.reload()
    asked.clear()
    page.wait_for_timeout(5000)
    assert asked == []

    seat.take()
    expect(tiles(page)).to_have_count(0, timeout=AT_ONCE)
    assert page.locator("#tiles-changed").inner_text() != ""
    seat.give()
    expect(tiles(page)).to_have_count(before, timeout=AT_ONCE)

    assert colleague.complaints == []


def test_what_changes_before_the_page_stands_shows_too(platform: Platform, colleague: Person) -> None:
    """Between the page and the stream that is to tell it of changes there is a gap."""
    page, seat = colleague.page, Seat(platform)
    before = tiles(page).count()

    def change_first(route: Route) -> None:
        seat.take()
        patiently(lambda: len(platform.signed_in("member").get("/apps").json()["items"]) < before)
        route.continue_()

    page.route("**/portal/changes", change_first, times=1)
    page.reload()

    expect(tiles(page)).to_have_count(0)
    seat.give()
    expect(tiles(page)).to_have_count(before)


def test_without_the_stream_the_page_asks_by_itself(platform: Platform, colleague: Person) -> None:
    page, seat = colleague.page, Seat(platform)
    before = tiles(page).count()
    page.route("**/portal/changes", lambda route: route.fulfill(status=503))
    page.reload()

    seat.take()
    expect(tiles(page)).to_have_count(0, timeout=4000)
    seat.give()
    expect(tiles(page)).to_have_count(before, timeout=4000)


def test_the_page_notices_at_once_that_its_session_ended(platform: Platform, colleague: Person) -> None:
    page = colleague.page
    account = platform.accounts["member"]["email"]
    expect(page.locator("#tiles")).to_be_visible()
    page.wait_for_timeout(500)

    with platform.operator() as operator:
        found = operator.get("/accounts", params={"email": account}).json()["items"][0]
        assert operator.post(f"/accounts/{found['id']}/end-sessions").is_success

    expect(page.locator("#tiles")).to_have_count(0, timeout=AT_ONCE)


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_fits(platform: Platform, chromium: Browser, language: str, size: str) -> None:
    viewport = DESKTOP if size == "desktop" else PHONE
    person = Person(chromium, platform.public_url, locale=language, viewport=viewport)
    person.sign_in(**platform.accounts["member"])

    person.picture(f"portal-{language}-{size}")

    assert person.shows_no_sideways_scrolling()
    assert person.complaints == []
    person.leave()
