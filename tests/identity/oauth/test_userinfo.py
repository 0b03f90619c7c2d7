"""Userinfo as a protected resource: OpenID Connect Core 1.0 §5.3, RFC 6750."""

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import a_browser, an_app, tokens_for


async def test_the_token_comes_in_the_header_or_the_form(identity: RunningService) -> None:
    """RFC 6750 §2.1, §2.2."""
    app = await an_app(identity)
    token = (await tokens_for(app, await a_browser(identity, await active(identity))))["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    async with identity.anonymous() as http:
        by_get = await http.get("/oauth2/userinfo", headers=bearer)
        by_post = await http.post("/oauth2/userinfo", headers=bearer)
        by_form = await http.post("/oauth2/userinfo", data={"access_token": token})
        twice = await http.post("/oauth2/userinfo", data={"access_token": token}, headers=bearer)
        in_address = await http.get("/oauth2/userinfo", params={"access_token": token})

    assert by_get.json() == by_post.json() == by_form.json()
    assert twice.status_code == 400
    assert in_address.status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic eDp5"])
async def test_who_brings_no_token_is_told_to_bring_one_and_nothing_of_an_error(
    identity: RunningService, header: str
) -> None:
    """RFC 6750 §3.1: a request without authentication information gets no error code."""
    async with identity.anonymous() as http:
        answer = await http.get("/oauth2/userinfo", headers={"Authorization": header} if header else {})

    assert (answer.status_code, answer.headers["www-authenticate"], answer.content) == (401, "Bearer", b"")


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer e30.e30.e30", "DPoP x"])
async def test_bad_tokens_are_refused_as_rfc_6750_says(identity: RunningService, header: str) -> None:
    """§3: 401 and WWW-Authenticate with invalid_token."""
    async with identity.anonymous() as http:
        answer = await http.get("/oauth2/userinfo", headers={"Authorization": header})

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_an_id_token_opens_nothing(identity: RunningService) -> None:
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))
    async with identity.anonymous() as http:
        answer = await http.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {tokens['id_token']}"})

    assert answer.status_code == 401
