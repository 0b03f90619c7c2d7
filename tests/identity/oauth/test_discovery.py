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
