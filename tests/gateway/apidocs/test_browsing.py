"""The documentation page in a real browser."""

import asyncio

import pytest
from playwright.sync_api import sync_playwright

from tests.gateway.apidocs.test_merging import document
from tests.gateway.apidocs.test_pages import fresh
from tests.gateway.party import Party
from tests.harness.browser import FLAGS, find_chromium
from tests.harness.service import RunningService


@pytest.mark.browser
async def test_the_docs_page_works_offline_and_under_the_strict_policy(
    public: str, gateway: RunningService, party: Party
) -> None:
    program = find_chromium()
    party.documents["/openapi.json"] = document("/api/v1/orders", {})
    await fresh(gateway)

    said, foreign, tags = await asyncio.to_thread(_browse, program, f"http://{public}")

    assert foreign == []
    # Discovery is asked for at the public origin, which is not where this test listens.
    assert [text for text in said if "Content Security Policy" in text and "localhost:8080" not in text] == []
    assert any("Shop" in tag for tag in tags)


def _browse(program: str, address: str) -> tuple[list[str], list[str], list[str]]:
    """What the page wrote to the console, which addresses elsewhere it asked for, the groups it shows."""
    said: list[str] = []
    foreign: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on(
            "request",
            lambda request: None if request.url.startswith((address, "data:")) else foreign.append(request.url),
        )
        page.goto(f"{address}/docs")
        page.wait_for_selector(".opblock-tag")
        tags = [tag.inner_text() for tag in page.query_selector_all(".opblock-tag")]
        browser.close()
    return said, foreign, tags
