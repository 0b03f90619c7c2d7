"""Revocation: RFC 7009."""

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import a_browser, an_app, read_jwt, tokens_for, userinfo


async def test_a_revoked_refresh_token_takes_its_access_tokens_along(identity: RunningService) -> None:
    """§2.1; the answer is an empty 200."""
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))

    answer = await app.post("/oauth2/revoke", token=tokens["refresh_token"])

    assert answer.status_code == 200
    assert answer.content == b""
    assert "text/plain" not in answer.headers.get("content-type", "")
    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await userinfo(identity, tokens["access_token"])).status_code == 401


async def test_a_revoked_access_token_goes_alone(identity: RunningService) -> None:
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))

    await app.post("/oauth2/revoke", token=tokens["access_token"])

    assert (await userinfo(identity, tokens["access_token"])).status_code == 401
    assert (await app.refresh(tokens["refresh_token"])).status_code == 200


async def test_every_service_hears_what_was_taken_back(identity: RunningService) -> None:
    """They look at tokens themselves: the event names one token, or the grant with which the ids of its tokens begin."""
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    alone, together = await tokens_for(app, browser), await tokens_for(app, browser)
    alone_id, together_id = [(await read_jwt(identity, one["access_token"]))[1]["jti"] for one in (alone, together)]

    await app.post("/oauth2/revoke", token=alone["access_token"])
    await app.post("/oauth2/revoke", token=together["refresh_token"])

    expected = {"client_id": app.id, "reason": "revoked_by_client"}
    published = await identity.published("identity.access.revoked.v1")
    assert {"token_id": alone_id, **expected} in published
    assert {"token_id": together_id.partition(".")[0], **expected} in published


@pytest.mark.parametrize("hint", [None, "refresh_token", "access_token", "unheard_of"])
async def test_unknown_tokens_and_hints_are_fine(identity: RunningService, hint: str | None) -> None:
    """§2.2: 200; an unknown token_type_hint is ignored."""
    app = await an_app(identity)
    for token in ("rt_unknown", "nonsense", "e30.e30.e30", "\u00e9"):
        answer = await app.post("/oauth2/revoke", token=token, token_type_hint=hint)
        assert answer.status_code == 200


async def test_nobody_revokes_another_s_token(identity: RunningService) -> None:
    """§2.1."""
    app, other = await an_app(identity), await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))

    answers = [await other.post("/oauth2/revoke", token=tokens[name]) for name in ("refresh_token", "access_token")]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert (await userinfo(identity, tokens["access_token"])).status_code == 200
    assert (await app.refresh(tokens["refresh_token"])).status_code == 200


async def test_credentials_and_a_token_are_needed(identity: RunningService) -> None:
    app = await an_app(identity)
    async with identity.anonymous() as http:
        stranger = await http.post("/oauth2/revoke", data={"token": "x", "client_id": app.id})
    empty = await app.post("/oauth2/revoke")

    assert stranger.status_code == 401
    assert empty.json()["error"] == "invalid_request"
