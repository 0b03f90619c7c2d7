"""The organization that a token acts in, and the roles that count there."""

from typing import Any

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active, an_address, as_owner, choose_password, link_for
from tests.identity.provider import a_browser, an_app, ask, read_jwt, tokens_for


async def in_two_organizations(identity: RunningService) -> tuple[dict[str, Any], str, str]:
    """Somebody who owns one company and is a plain member of another; account and both ids."""
    account = await active(identity, organization={"name": "Eigene AG", "country": "CH"}, roles=["owner"])
    other = await active(identity, organization={"name": "Andere AG", "country": "CH"}, roles=["owner"])
    async with as_owner(identity, other) as owner:
        invited = await owner.post(
            "/api/v1/members/invitations", json={"emails": [account["email"]], "roles": ["member"]}
        )
    assert invited.json()["items"][0]["result"] == "invited", invited.text
    return account, account["organization_id"], other["organization_id"]


async def test_the_oldest_membership_is_the_default(identity: RunningService) -> None:
    account, own, _ = await in_two_organizations(identity)
    app = await an_app(identity)

    tokens = await tokens_for(app, await a_browser(identity, account))

    _, claims = await read_jwt(identity, tokens["access_token"])
    assert claims["org"] == own
    assert claims["roles"] == ["owner"]


async def test_a_client_may_ask_for_another(identity: RunningService) -> None:
    """At the authorization endpoint, and again with every refresh; scopes follow the roles there."""
    account, own, other = await in_two_organizations(identity)
    app = await an_app(identity)
    browser = await a_browser(identity, account)

    there = await tokens_for(app, browser, organization=other)
    back = (await app.refresh(there["refresh_token"], organization=own)).json()

    _, claims = await read_jwt(identity, there["access_token"])
    assert (claims["org"], claims["roles"]) == (other, ["member"])
    assert "orders:read" not in claims["scope"].split()
    _, claims = await read_jwt(identity, back["access_token"])
    assert (claims["org"], claims["roles"]) == (own, ["owner"])
    assert "orders:read" in claims["scope"].split()


async def test_membership_is_looked_up_every_time(identity: RunningService) -> None:
    account, own, other = await in_two_organizations(identity)
    stranger = (await active(identity, organization={"name": "Fremde AG", "country": "CH"}, roles=["owner"]))[
        "organization_id"
    ]
    app = await an_app(identity)
    browser = await a_browser(identity, account)

    at_sign_in = await ask(browser, app.question(organization=stranger))
    tokens = await tokens_for(app, browser, organization=other)
    at_refresh = await app.refresh(tokens["refresh_token"], organization=stranger)

    assert at_sign_in["error"] == "access_denied"
    assert at_refresh.status_code == 400
    assert at_refresh.json()["error"] == "access_denied"
    assert (await app.refresh(tokens["refresh_token"], organization=own)).status_code == 200


async def test_staff_hold_the_operator_s_scopes(identity: RunningService) -> None:
    """In development and test without a second factor."""
    email = an_address("operator")
    async with identity.operator() as operator:
        created = await operator.post(
            "/api/v1/accounts", json={"email": email, "name": "Olga", "locale": "en", "operator_roles": ["operator"]}
        )
    assert created.status_code == 201, created.text
    async with identity.anonymous() as browser:
        await choose_password(browser, await link_for(identity, email))
    scope = "openid operator:read operator:write"
    app = await an_app(identity, scope=scope)

    tokens = await tokens_for(app, await a_browser(identity, created.json() | {"email": email}))

    _, claims = await read_jwt(identity, tokens["access_token"])
    assert claims["roles"] == ["operator"]
    assert claims["scope"] == scope
    assert "org" not in claims


@pytest.mark.parametrize("role", ["support", "auditor"])
async def test_support_and_auditors_only_read(identity: RunningService, role: str) -> None:
    email = an_address(role)
    async with identity.operator() as operator:
        created = await operator.post(
            "/api/v1/accounts", json={"email": email, "name": "Ava", "operator_roles": [role]}
        )
    async with identity.anonymous() as browser:
        await choose_password(browser, await link_for(identity, email))
    app = await an_app(identity, scope="openid operator:read operator:write")

    tokens = await tokens_for(app, await a_browser(identity, created.json() | {"email": email}))

    assert tokens["scope"] == "openid operator:read"


async def test_customers_never_do(identity: RunningService) -> None:
    account = await active(identity, organization={"name": "Eigene AG", "country": "CH"}, roles=["owner"])
    app = await an_app(identity, scope="openid operator:read operator:write")

    tokens = await tokens_for(app, await a_browser(identity, account))

    assert tokens["scope"] == "openid"
