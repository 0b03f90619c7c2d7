"""Metadata and keys: OpenID Connect Discovery 1.0, RFC 8414, RFC 7517."""

import pytest

from tests.harness.service import RunningService
from tests.identity.provider import ISSUER


@pytest.mark.parametrize("name", ["openid-configuration", "oauth-authorization-server"])
async def test_the_provider_describes_itself(identity: RunningService, name: str) -> None:
    """Discovery §3; every endpoint that is named answers something other than 404."""
    async with identity.anonymous() as http:
        answer = await http.get(f"/.well-known/{name}")
        document = answer.json()
        endpoints = [url for key, url in document.items() if key.endswith(("_endpoint", "jwks_uri"))]
        statuses = {url: (await http.get(url)).status_code for url in endpoints}

    assert answer.headers["content-type"] == "application/json"
    assert document["issuer"] == ISSUER
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["backchannel_logout_supported"] is True
    assert document["request_uri_parameter_supported"] is False
    assert len(endpoints) == 8
    assert 404 not in statuses.values(), statuses


async def test_the_key_set_holds_public_keys_only(identity: RunningService) -> None:
    """RFC 7517 §5: of each algorithm the one in use and the next."""
    async with identity.anonymous() as http:
        answer = await http.get("/oauth2/jwks")

    keys = answer.json()["keys"]
    assert sorted(key["alg"] for key in keys) == ["ES256", "ES256", "RS256", "RS256"]
    assert all(key["use"] == "sig" and key["kid"] for key in keys)
    assert not any({"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys() for key in keys)
    assert "max-age" in answer.headers["cache-control"]


async def test_single_page_applications_may_read_the_answers(identity: RunningService) -> None:
    """Fetch standard: where no cookie counts, any origin may look; the browser's own pages stay closed."""
    async with identity.anonymous(headers={"Origin": "https://spa.example"}) as http:
        preflight = await http.options("/oauth2/userinfo", headers={"Access-Control-Request-Headers": "authorization"})
        refused = await http.post("/oauth2/token", data={"grant_type": "refresh_token"})
        page = await http.get("/oauth2/authorize")

    assert preflight.status_code == 204
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert refused.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in page.headers


async def test_password_managers_and_researchers_find_their_way(identity: RunningService) -> None:
    """RFC 9116, and the W3C's well-known address for changing passwords."""
    async with identity.anonymous() as http:
        change = await http.get("/.well-known/change-password")
        contact = await http.get("/.well-known/security.txt")

    assert change.headers["location"] == "/account"
    assert "Contact: mailto:" in contact.text
    assert "Expires: " in contact.text
