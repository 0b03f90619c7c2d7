"""One sign-in opens every application, one sign-out closes them all, and a partner asks who may enter."""

import json

import httpx
import pytest

from tests.harness.platform import Platform, patiently

pytestmark = pytest.mark.system


def test_the_sample_application_opens_without_a_second_sign_in_and_closes_with_the_portal(platform: Platform) -> None:
    buyer = platform.signed_in("buyer")

    page = buyer.open(platform.plan.sample_url)

    assert f"Signed in as <strong id='who'>{platform.accounts['buyer']['email']}" in page.text
    assert "You may use it until" in page.text

    buyer.http.post("/bff/logout", headers={"X-CSRF": "1"})

    patiently(lambda: "/login" in str(buyer.open(platform.plan.sample_url).url), within=5)
    assert buyer.http.get("/bff/user").status_code == 401


def test_a_partner_client_sees_only_the_products_it_is_registered_for(platform: Platform) -> None:
    stored = json.loads((platform.plan.data_dir / "sample-application.json").read_text())
    token = platform.token(stored["partner_client_id"], stored["partner_client_secret"], "entitlements:read")
    with platform.api(token) as partner:
        mine = partner.get(
            "/entitlements/check", params={"product": "DRAFT-PRO", "email": platform.accounts["buyer"]["email"]}
        )
        foreign = partner.get(
            "/entitlements/check", params={"product": "FLEET-PLANNER", "email": platform.accounts["buyer"]["email"]}
        )
        orders = partner.get("/orders")

    assert mine.json()["allowed"] is True
    assert foreign.status_code in (403, 404) or foreign.json()["allowed"] is False
    assert orders.status_code == 403


def test_pages_refuse_posts_from_other_sites(platform: Platform) -> None:
    visitor = platform.signed_in("member")

    hostile = visitor.http.post("/bff/logout", headers={"X-CSRF": "1", "Origin": "https://evil.example"})
    forged = visitor.http.post("/api/v1/me/password", json={})

    assert hostile.status_code == 403
    assert forged.status_code == 403
    assert visitor.http.get("/bff/user").status_code == 200


def test_the_api_never_redirects_and_unknown_things_are_problems(platform: Platform) -> None:
    answers = [
        httpx.get(f"{platform.public_url}/api/v1/me"),
        httpx.get(f"{platform.public_url}/api/v1/nothing"),
        httpx.get(f"{platform.public_url}/internal/action-links"),
    ]

    assert [answer.status_code for answer in answers[:2]] == [401, 404]
    assert answers[2].status_code == 404
    assert all(answer.headers["content-type"].startswith("application/problem+json") for answer in answers[:2])
