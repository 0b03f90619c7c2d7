"""The documents as they are served."""

import httpx

from tests.gateway.apidocs.test_merging import document
from tests.gateway.party import Party
from tests.harness.service import RunningService


async def fresh(gateway: RunningService) -> None:
    """Have the gateway look at the services again at once."""
    library = getattr(gateway.app.state, "library", None)
    if library is not None:
        library._look_at = 0.0


async def test_a_new_version_of_a_service_shows_up_by_itself(
    browser: httpx.AsyncClient, gateway: RunningService, party: Party
) -> None:
    party.documents["/openapi.json"] = document("/api/v1/orders", {})
    await fresh(gateway)
    first = await browser.get("/openapi.json")

    party.documents["/openapi.json"] = document("/api/v1/invoices", {})
    await fresh(gateway)
    second = await browser.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})

    assert "/api/v1/orders" in first.json()["paths"]
    assert second.status_code == 200
    assert "/api/v1/invoices" in second.json()["paths"]
    third = await browser.get("/openapi.json", headers={"If-None-Match": second.headers["etag"]})
    assert third.status_code == 304


async def test_a_service_that_is_away_stays_documented(
    browser: httpx.AsyncClient, gateway: RunningService, party: Party
) -> None:
    party.documents["/openapi.json"] = document("/api/v1/orders", {})
    await fresh(gateway)
    await browser.get("/openapi.json")

    party.documents.clear()
    await fresh(gateway)

    assert "/api/v1/orders" in (await browser.get("/openapi.json")).json()["paths"]


async def test_the_gateway_documents_its_own_addresses(browser: httpx.AsyncClient) -> None:
    paths = (await browser.get("/openapi.json")).json()["paths"]

    assert {"/bff/user", "/bff/logout", "/bff/organization"} <= set(paths)
    assert not any(path.startswith(("/internal", "/metrics", "/docs")) for path in paths)


async def test_the_docs_page_loads_nothing_from_elsewhere(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/docs", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "https://" not in page.text
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "docs.js", "docs.css"):
        assert f"/docs/assets/{asset}" in page.text
        assert (await browser.get(f"/docs/assets/{asset}")).status_code == 200
    assert (await browser.get("/docs/assets/main.py")).status_code == 404


async def test_the_type_of_a_problem_leads_to_its_page(browser: httpx.AsyncClient) -> None:
    refusal = (await browser.get("/bff/user")).json()

    page = await browser.get(httpx.URL(refusal["type"]).path, headers={"Accept": "text/html"})
    data = await browser.get(httpx.URL(refusal["type"]).path, headers={"Accept": "application/json"})

    assert page.status_code == 200
    assert refusal["title"] in page.text
    assert data.json()["code"] == "not-signed-in"
    assert "GET /bff/user" in data.json()["operations"]
    assert (await browser.get("/problems/made-up")).status_code == 404


async def test_all_problems_stand_on_one_page(browser: httpx.AsyncClient) -> None:
    listed = await browser.get("/problems")

    for code in ("csrf-header-missing", "cross-site-request", "unavailable", "no-answer-in-time", "too-large"):
        assert f"/problems/{code}" in listed.text


async def test_events_are_documented(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/asyncapi.json")).json()["asyncapi"] == "3.0.0"
