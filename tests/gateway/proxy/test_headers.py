"""What reaches a service, and what reaches the browser."""

import httpx
import pytest

from tests.gateway.conftest import OWN_PAGE
from tests.gateway.party import Party
from tests.harness.service import RunningService


def received(party: Party) -> dict[str, str]:
    return dict(party.last_call()["headers"])


async def test_the_cookie_becomes_a_bearer_token(signed_in: httpx.AsyncClient, party: Party) -> None:
    answer = await signed_in.get("/api/v1/products?limit=2&q=a%20b")

    assert answer.status_code == 200
    assert party.last_call()["target"] == "/api/v1/products?limit=2&q=a%20b"
    assert received(party)["authorization"].startswith("Bearer eyJ")
    assert "cookie" not in received(party)


async def test_a_bearer_token_is_passed_on_as_it_is(gateway: RunningService, party: Party) -> None:
    async with gateway.client(scopes="orders:read") as partner:
        await partner.post("/api/v1/orders", json={"a": 1})
        assert received(party)["authorization"] == partner.headers["authorization"]


async def test_a_bearer_token_counts_more_than_a_cookie(signed_in: httpx.AsyncClient, party: Party) -> None:
    await signed_in.post("/api/v1/orders", json={}, headers={"Authorization": "Bearer own"})

    assert received(party)["authorization"] == "Bearer own"


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded",
        "X-Forwarded-User",
        "X-Forwarded-Prefix",
        "X-Real-IP",
        "X-User-Id",
        "X-Auth-Request-Email",
        "X-Original-URL",
        "Proxy-Authorization",
        "Keep-Alive",
        "TE",
        "X-CSRF",
        "X-Named",
    ],
)
async def test_a_caller_cannot_make_claims_in_headers(browser: httpx.AsyncClient, party: Party, name: str) -> None:
    await browser.get("/api/v1/products", headers={name: "spoofed", "Connection": "close, X-Named"})

    assert "spoofed" not in received(party).values()


async def test_the_service_learns_the_real_peer(browser: httpx.AsyncClient, party: Party) -> None:
    await browser.get("/api/v1/products", headers={"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.example"})

    assert received(party)["x-forwarded-for"] == "127.0.0.1"
    assert received(party)["x-forwarded-host"] == "localhost:8080"
    assert received(party)["host"] == "localhost:8080"


async def test_request_id_and_trace_go_through_and_come_back(browser: httpx.AsyncClient, party: Party) -> None:
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    answer = await browser.get("/api/v1/products", headers={"X-Request-Id": "mine-1", "traceparent": trace})

    assert received(party)["x-request-id"] == answer.headers["x-request-id"] == "mine-1"
    assert received(party)["traceparent"] == answer.headers["traceparent"] == trace
    assert answer.headers.get_list("x-request-id") == ["mine-1"]


async def test_a_malformed_request_id_is_replaced(browser: httpx.AsyncClient, party: Party) -> None:
    answer = await browser.get("/api/v1/products", headers={"X-Request-Id": "no good\tid"})

    assert answer.headers["x-request-id"].startswith("req_")
    assert received(party)["x-request-id"] == answer.headers["x-request-id"]


async def test_a_service_sets_no_cookies_and_tells_nothing_about_itself(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/api/v1/products")

    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


async def test_identity_has_cookies_of_its_own_but_never_the_gateways(
    signed_in: httpx.AsyncClient, party: Party
) -> None:
    signed_in.cookies.set("op", "provider")
    answer = await signed_in.get("/login")

    assert received(party)["cookie"] == "op=provider"
    assert "authorization" not in received(party)
    assert answer.headers.get_list("set-cookie") == ["own=1; Path=/"]


async def test_the_sandbox_bank_learns_nothing_of_the_visitor(signed_in: httpx.AsyncClient, party: Party) -> None:
    answer = await signed_in.post(
        "/api/v1/sandbox/payment-actions/chg_1/accept", headers={"Origin": "https://mail.example"}
    )

    assert answer.status_code == 200
    assert {"cookie", "authorization"}.isdisjoint(received(party))


async def test_a_payment_providers_call_arrives_as_it_was_signed(browser: httpx.AsyncClient, party: Party) -> None:
    signature = {"Stripe-Signature": "t=1,v1=abc", "Content-Type": "application/json"}

    answer = await browser.post("/api/v1/payment-callbacks/stripe", content=b'{"id": "evt_1" }', headers=signature)

    assert answer.status_code == 200
    assert received(party)["stripe-signature"] == "t=1,v1=abc"
    assert received(party)["content-length"] == "16"
    assert {"cookie", "authorization"}.isdisjoint(received(party))


async def test_every_answer_protects_the_browser(signed_in: httpx.AsyncClient) -> None:
    for path in ("/api/v1/products", "/bff/user", "/api/v1/nothing-here", "/login"):
        headers = (await signed_in.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
    assert "default-src 'none'" in (await signed_in.get("/api/v1/products")).headers["content-security-policy"]


async def test_personal_data_is_not_kept_by_caches(signed_in: httpx.AsyncClient) -> None:
    assert (await signed_in.get("/api/v1/products")).headers["cache-control"] == "no-store"


async def test_an_own_page_may_change_things(signed_in: httpx.AsyncClient, party: Party) -> None:
    answer = await signed_in.post("/api/v1/orders", json={"a": 1}, headers=OWN_PAGE)

    assert answer.status_code == 200
    assert party.last_call()["bytes"] == len(b'{"a":1}')


async def test_a_script_outside_of_browsers_needs_the_header_only(signed_in: httpx.AsyncClient) -> None:
    assert (await signed_in.delete("/api/v1/wishlist/cad", headers={"X-CSRF": "1"})).status_code == 200


@pytest.mark.parametrize(
    ("method", "headers", "code"),
    [
        ("POST", {}, "csrf-header-missing"),
        ("PUT", {"X-CSRF": "0"}, "csrf-header-missing"),
        ("PATCH", {}, "csrf-header-missing"),
        ("DELETE", {}, "csrf-header-missing"),
        ("POST", {"X-CSRF": "1", "Origin": "https://evil.example"}, "cross-site-request"),
        ("POST", {"X-CSRF": "1", "Origin": "null"}, "cross-site-request"),
        ("POST", {"X-CSRF": "1", "Sec-Fetch-Site": "cross-site"}, "cross-site-request"),
        ("POST", {"X-CSRF": "1", "Sec-Fetch-Site": "same-site"}, "cross-site-request"),
        ("GET", {"Sec-Fetch-Site": "cross-site"}, "cross-site-request"),
    ],
)
async def test_another_site_cannot_use_the_cookie(
    signed_in: httpx.AsyncClient, party: Party, method: str, headers: dict[str, str], code: str
) -> None:
    answer = await signed_in.request(method, "/api/v1/orders", headers=headers)

    assert answer.status_code == 403
    assert answer.json()["type"].endswith(f"/problems/{code}")
    assert answer.headers["x-request-id"] in answer.json()["instance"]
    assert party.calls == []


async def test_two_session_cookies_are_none(
    gateway: RunningService, signed_in: httpx.AsyncClient, party: Party
) -> None:
    async with gateway.anonymous() as odd:
        await odd.get("/api/v1/products", headers={"Cookie": f"gw={signed_in.cookies['gw']}; gw=other"})

    assert "authorization" not in received(party)


async def test_head_is_passed_on_as_head_and_answers_with_the_headers_of_get(
    signed_in: httpx.AsyncClient, party: Party
) -> None:
    got, head = await signed_in.get("/api/v1/products"), await signed_in.head("/api/v1/products")

    assert party.last_call()["method"] == "HEAD"
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
