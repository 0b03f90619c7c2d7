"""Working for another organization of one's own."""

import httpx

from tests.gateway.conftest import OWN_PAGE
from tests.gateway.party import Party
from tests.harness.service import RunningService
from tests.harness.tokens import ISSUER


async def test_the_next_calls_act_for_the_other_organization(signed_in: httpx.AsyncClient, party: Party) -> None:
    before = signed_in.cookies["gw"]

    answer = await signed_in.post("/bff/organization", json={"organization_id": "org_second"}, headers=OWN_PAGE)

    assert answer.status_code == 200, answer.text
    assert answer.json()["organization_id"] == "org_second"
    assert answer.json()["roles"] == ["member"]
    assert (await signed_in.get("/bff/user")).json()["organization_id"] == "org_second"
    assert signed_in.cookies["gw"] != before


async def test_a_foreign_organization_is_refused_and_changes_nothing(signed_in: httpx.AsyncClient) -> None:
    answer = await signed_in.post("/bff/organization", json={"organization_id": "org_foreign"}, headers=OWN_PAGE)

    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/problems/not-your-organization")


async def test_a_page_switches_with_a_plain_form(signed_in: httpx.AsyncClient) -> None:
    answer = await signed_in.post(
        "/bff/organization",
        data={"organization_id": "org_second", "return_to": "/licenses"},
        headers={"Origin": ISSUER, "Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == "/licenses"


async def test_another_site_cannot_switch(signed_in: httpx.AsyncClient) -> None:
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    form = await signed_in.post("/bff/organization", data={"organization_id": "org_second"}, headers=foreign)
    script = await signed_in.post("/bff/organization", json={"organization_id": "org_second"})

    assert form.status_code == script.status_code == 403
    assert script.json()["type"].endswith("/problems/csrf-header-missing")


async def test_a_visitor_cannot_switch(gateway: RunningService) -> None:
    async with gateway.anonymous() as visitor:
        answer = await visitor.post("/bff/organization", json={"organization_id": "org_second"}, headers=OWN_PAGE)

    assert answer.status_code == 401


async def test_a_body_without_an_organization_is_invalid_and_one_that_is_no_json_malformed(
    signed_in: httpx.AsyncClient,
) -> None:
    without = await signed_in.post("/bff/organization", json={}, headers=OWN_PAGE)
    too_much = await signed_in.post(
        "/bff/organization", json={"organization_id": "org_second", "role": "owner"}, headers=OWN_PAGE
    )
    unreadable = await signed_in.post("/bff/organization", content="nothing", headers=OWN_PAGE)

    assert (without.status_code, [item["pointer"] for item in without.json()["errors"]]) == (422, ["/organization_id"])
    assert (too_much.status_code, [item["pointer"] for item in too_much.json()["errors"]]) == (422, ["/role"])
    assert (unreadable.status_code, unreadable.json()["type"].rpartition("/")[2]) == (400, "malformed-request")
