"""What answers before anybody is signed in."""

import httpx

from tests.gateway.party import Party
from tests.harness.service import RunningService


async def test_readiness_names_every_service(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/readyz")

    assert answer.status_code == 200, answer.text
    assert set(answer.json()["services"]) == {"gateway", "identity", "shop", "licensing", "notifications"}


async def test_a_service_that_is_not_ready_is_named(browser: httpx.AsyncClient, party: Party) -> None:
    party.is_unready = True

    answer = await browser.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["services"]["shop"] == "unavailable"
    assert answer.json()["services"]["gateway"] == "ok"
    assert (await browser.get("/healthz")).json() == {"status": "ok"}


async def test_crawlers_are_sent_away_and_browsers_get_an_icon(gateway: RunningService) -> None:
    async with gateway.anonymous(follow_redirects=True) as browser:
        assert "Disallow: /" in (await browser.get("/robots.txt")).text
        assert (await browser.get("/favicon.ico")).headers["content-type"] == "image/svg+xml"


async def test_a_method_that_is_not_offered_is_a_problem(browser: httpx.AsyncClient) -> None:
    answer = await browser.put("/bff/user")

    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert "GET" in answer.headers["allow"]
