"""Introspection: RFC 7662."""

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active, an_owner, choose_password, link_for
from tests.identity.provider import ISSUER, a_browser, an_app, tokens_for


async def test_a_client_learns_about_its_own_tokens(identity: RunningService) -> None:
    """§2.2."""
    account = await an_owner(identity)
    async with identity.anonymous() as browser:
        await choose_password(browser, await link_for(identity, account["email"]))
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, account))

    access = (await app.post("/oauth2/introspect", token=tokens["access_token"])).json()
    refresh = (await app.post("/oauth2/introspect", token=tokens["refresh_token"])).json()

    assert access["active"] is True
    assert access["sub"] == account["id"]
    assert access["username"] == account["email"]
    assert access["org"] == account["organization_id"]
    assert access["aud"] == f"{ISSUER}/api"
    assert access["token_type"] == "Bearer"
    assert refresh["active"] is True
    assert refresh["client_id"] == app.id


async def test_services_learn_about_all(identity: RunningService) -> None:
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))
    async with identity.anonymous() as http:
        answer = await http.post(
            "/oauth2/introspect", data={"token": tokens["access_token"]}, auth=("licensing", "development-only")
        )

    assert answer.json()["active"] is True


async def test_others_learn_nothing(identity: RunningService) -> None:
    """§4: no scanning of tokens."""
    app, other = await an_app(identity), await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))

    assert (await other.post("/oauth2/introspect", token=tokens["access_token"])).json() == {"active": False}


@pytest.mark.parametrize("token", ["nonsense", "rt_unknown", "e30.e30.e30", "a.b", "\u00e9", "x" * 8000])
async def test_what_is_no_token_is_not_active(identity: RunningService, token: str) -> None:
    app = await an_app(identity)

    answer = await app.post("/oauth2/introspect", token=token, token_type_hint="unheard_of")

    assert answer.status_code == 200
    assert answer.json() == {"active": False}


async def test_id_tokens_are_not_access_tokens(identity: RunningService) -> None:
    """RFC 9068 §2.1: the type keeps them apart."""
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))

    assert (await app.post("/oauth2/introspect", token=tokens["id_token"])).json() == {"active": False}


async def test_a_rotated_refresh_token_is_not_active(identity: RunningService) -> None:
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))
    await app.refresh(tokens["refresh_token"])

    assert (await app.post("/oauth2/introspect", token=tokens["refresh_token"])).json() == {"active": False}


async def test_public_clients_and_strangers_may_not_ask(identity: RunningService) -> None:
    """§2.1."""
    public = await an_app(identity, token_endpoint_auth_method="none")
    async with identity.anonymous() as http:
        stranger = await http.post("/oauth2/introspect", data={"token": "x"})

    assert (await public.post("/oauth2/introspect", token="x")).status_code == 401
    assert stranger.status_code == 401
