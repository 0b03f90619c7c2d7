"""Clients that act for themselves: RFC 6749 §4.4; the platform's own and partners'."""

import pytest

from tests.harness.service import RunningService
from tests.identity.people import an_owner
from tests.identity.provider import ISSUER, App, an_app, read_jwt, userinfo


async def a_machine(identity: RunningService, **metadata: object) -> App:
    """A confidential client without people."""
    asked = {"grant_types": ["client_credentials"], "redirect_uris": [], "scope": "orders:read entitlements:read"}
    return await an_app(identity, **{**asked, **metadata})


async def test_a_partner_acts_in_its_organization(identity: RunningService) -> None:
    """Ten minutes, the organization and products it is registered for, no refresh token (§4.4.3)."""
    organization_id = (await an_owner(identity))["organization_id"]
    app = await a_machine(identity, organization_id=organization_id, products=["planner"])

    tokens = (await app.post("/oauth2/token", grant_type="client_credentials")).json()

    header, claims = await read_jwt(identity, tokens["access_token"])
    assert header["typ"] == "at+jwt"
    assert claims["sub"] == claims["client_id"] == app.id
    assert claims["org"] == organization_id
    assert claims["products"] == ["planner"]
    assert claims["exp"] - claims["iat"] == tokens["expires_in"] == 600
    assert tokens["scope"] == "orders:read entitlements:read"
    assert "refresh_token" not in tokens
    assert "sid" not in claims


async def test_scopes_may_be_narrowed(identity: RunningService) -> None:
    app = await a_machine(identity)

    tokens = (await app.post("/oauth2/token", grant_type="client_credentials", scope="orders:read")).json()

    assert tokens["scope"] == "orders:read"


@pytest.mark.parametrize("scope", ["orders:write", "unheard:of", "internal", "openid", "orders:read\u00e9", '"'])
async def test_other_scopes_are_refused(identity: RunningService, scope: str) -> None:
    """RFC 6749 §5.2: invalid_scope, never a token without any."""
    app = await a_machine(identity)

    answer = await app.post("/oauth2/token", grant_type="client_credentials", scope=scope)

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"


async def test_userinfo_knows_no_machines(identity: RunningService) -> None:
    app = await a_machine(identity)
    tokens = (await app.post("/oauth2/token", grant_type="client_credentials")).json()

    assert (await userinfo(identity, tokens["access_token"])).status_code == 403


async def test_an_app_for_people_is_not_one_for_machines(identity: RunningService) -> None:
    """RFC 6749 §5.2: unauthorized_client."""
    app = await an_app(identity)

    answer = await app.post("/oauth2/token", grant_type="client_credentials")

    assert answer.json()["error"] == "unauthorized_client"


@pytest.mark.parametrize("service", ["shop", "licensing", "notifications"])
async def test_the_services_of_the_platform_have_their_own_clients(identity: RunningService, service: str) -> None:
    async with identity.anonymous() as http:
        answer = await http.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials", "scope": "internal", "resource": f"{ISSUER}/api"},
            auth=(service, "development-only"),
        )

    assert answer.json()["scope"] == "internal"


async def test_the_operator_s_command_line_has_a_client(identity: RunningService) -> None:
    async with identity.anonymous() as http:
        answer = await http.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=("operator-cli", "development-only"),
        )

    assert answer.json()["scope"] == "operator:read operator:write"


@pytest.mark.parametrize(
    ("resource", "status"), [(f"{ISSUER}/api", 200), ("https://elsewhere.example/api", 400), (f"{ISSUER}/api/", 400)]
)
async def test_the_one_resource_is_the_api(identity: RunningService, resource: str, status: int) -> None:
    """RFC 8707 §2: invalid_target for any other."""
    app = await a_machine(identity)

    answer = await app.post("/oauth2/token", grant_type="client_credentials", resource=resource)

    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"] == "invalid_target"


async def test_answers_are_kept_by_no_cache(identity: RunningService) -> None:
    """RFC 6749 §5.1."""
    app = await a_machine(identity)

    answer = await app.post("/oauth2/token", grant_type="client_credentials")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"


async def test_a_guessed_idempotency_key_gets_nobody_another_s_token(identity: RunningService) -> None:
    app = await a_machine(identity)
    form, key = {"grant_type": "client_credentials"}, {"Idempotency-Key": "1"}

    async with identity.anonymous() as http:
        mine = await http.post("/oauth2/token", data=form, auth=app.auth, headers=key)
        stranger = await http.post("/oauth2/token", data=form, headers=key)

    assert mine.status_code == 200
    assert stranger.status_code == 401
