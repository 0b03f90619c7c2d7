"""A real Chromium, the one the machine has, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def find_chromium() -> str:
    """The path of a Chromium. Where there is none: fails in CI, is skipped with a loud reason elsewhere."""
    path = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if path is None and os.environ.get("CI"):
        pytest.fail("No Chromium on this machine: the browser tests cannot run, and CI must run them.")
    if path is None:
        pytest.skip("NO CHROMIUM ON THIS MACHINE: install the package `chromium` to run the browser tests.")
    return path


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Chromium without a window."""
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody at a browser, in one language, at one size."""

    def __init__(
        self, browser: Browser, public_url: str, *, locale: str = "en", viewport: dict[str, int] | None = None
    ):
        self.context: BrowserContext = browser.new_context(
            locale=locale, viewport=viewport or DESKTOP, base_url=public_url
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.complaints.append(text)

    def open(self, path: str) -> Page:
        """Open an address and wait until it is there."""
        self.page.goto(path)
        return self.page

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form; ends in the App Portal."""
        self.open("/bff/login?return_to=/")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/")

    def shows_no_sideways_scrolling(self) -> bool:
        """Whether the page fits the width of the screen."""
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
        )

    def picture(self, name: str) -> None:
        """Keep a screenshot in `SCREENSHOTS`, when that is set."""
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def leave(self) -> None:
        """Close the browser window."""
        self.context.close()
