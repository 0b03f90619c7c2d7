"""OAuth clients for operators: registration by RFC 7591's names, changes that act at once."""

from typing import Any

import httpx
import pytest

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService
from tests.identity.people import an_owner

ERP = {"client_name": "ERP connector", "grant_types": ["client_credentials"], "scope": "orders:read"}
WEB = {"client_name": "Planner", "redirect_uris": ["https://planner.example/callback"]}


async def registered(identity: RunningService, **metadata: Any) -> dict[str, Any]:
    """A client as its registration answers it."""
    async with identity.operator() as operator:
        answer = await operator.post("/api/v1/clients", json=ERP | metadata)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def token(identity: RunningService, client: dict[str, Any], secret: str) -> httpx.Response:
    """A token request of the client."""
    async with identity.anonymous() as http:
        return await http.post(
            "/oauth2/token", data={"grant_type": "client_credentials"}, auth=(client["client_id"], secret)
        )


async def test_a_registration_shows_the_secret_once(identity: RunningService) -> None:
    """RFC 7591 §3.2.1; what is asked for later never holds it."""
    organization_id = (await an_owner(identity))["organization_id"]
    client = await registered(identity, organization_id=organization_id, products=["planner"], contacts=["a@b.example"])
    async with identity.operator() as operator:
        shown = await operator.get(f"/api/v1/clients/{client['client_id']}")
        listed = await operator.get("/api/v1/clients", params={"organization_id": organization_id})

    assert client["client_secret"].startswith("pcs_")
    assert client["organization_id"] == organization_id
    assert client["products"] == ["planner"]
    assert client["require_pkce"] is True
    assert client["contacts"] == ["a@b.example"]
    assert "client_secret" not in shown.json()
    assert shown.json().items() <= client.items()
    assert [item["client_id"] for item in listed.json()["items"]] == [client["client_id"]]


async def test_defaults_are_those_of_rfc_7591(identity: RunningService) -> None:
    """§2."""
    async with identity.operator() as operator:
        client = (await operator.post("/api/v1/clients", json=WEB)).json()

    assert client["token_endpoint_auth_method"] == "client_secret_basic"
    assert client["grant_types"] == ["authorization_code"]
    assert client["response_types"] == ["code"]
    assert client["scope"] == "openid profile email"
    assert client["application_type"] == "web"
    assert client["first_party"] is False


async def test_unknown_metadata_is_ignored(identity: RunningService) -> None:
    """RFC 7591 §2."""
    client = await registered(identity, software_id="x", something_new=True)

    assert "something_new" not in client


async def test_public_clients_have_no_secret(identity: RunningService) -> None:
    async with identity.operator() as operator:
        client = (await operator.post("/api/v1/clients", json=WEB | {"token_endpoint_auth_method": "none"})).json()
        rotated = await operator.post(f"/api/v1/clients/{client['client_id']}/rotate-secret")

    assert client["client_secret"] is None
    assert rotated.status_code == 409


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"client_name": ""}, "/client_name"),
        ({"client_name": None}, "/client_name"),
        ({"grant_types": ["password"]}, "/grant_types/0"),
        ({"token_endpoint_auth_method": "client_secret_jwt"}, "/token_endpoint_auth_method"),
        ({"organization_id": "org_unheard_of"}, "/organization_id"),
        ({"scope": "everything"}, "/scope"),
        ({"redirect_uris": ["ftp://x.example/"]}, "/redirect_uris/0"),
    ],
)
async def test_wrong_metadata_is_refused_field_by_field(
    identity: RunningService, sent: dict[str, Any], pointer: str
) -> None:
    async with identity.operator() as operator:
        answer = await operator.post("/api/v1/clients", json=ERP | sent)

    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_two_secrets_are_good_while_one_is_replaced(identity: RunningService) -> None:
    client = await registered(identity)
    first = client["client_secret"]
    path = f"/api/v1/clients/{client['client_id']}/rotate-secret"
    async with identity.operator() as operator:
        second = (await operator.post(path)).json()["client_secret"]
        statuses = [(await token(identity, client, secret)).status_code for secret in (first, second)]
        third = (await operator.post(path)).json()["client_secret"]

    assert statuses == [200, 200]
    assert [(await token(identity, client, secret)).status_code for secret in (first, second, third)] == [401, 200, 200]


async def test_disabling_acts_at_once_and_can_be_undone(identity: RunningService) -> None:
    client = await registered(identity)
    path = f"/api/v1/clients/{client['client_id']}"
    async with identity.operator() as operator:
        assert (await token(identity, client, client["client_secret"])).status_code == 200
        await operator.patch(path, json={"status": "disabled"})
        refused = await token(identity, client, client["client_secret"])
        await operator.patch(path, json={"status": "active"})
        again = await token(identity, client, client["client_secret"])

    assert refused.json()["error"] == "invalid_client"
    assert again.status_code == 200
    assert {"client_id": client["client_id"]} in await identity.published("identity.client.disabled.v1")


async def test_a_removed_client_is_gone(identity: RunningService) -> None:
    client = await registered(identity)
    path = f"/api/v1/clients/{client['client_id']}"
    async with identity.operator() as operator:
        removed = await operator.delete(path)
        afterwards = [await operator.get(path), await operator.patch(path, json={}), await operator.delete(path)]

    assert removed.status_code == 204
    assert [answer.status_code for answer in afterwards] == [404, 404, 404]
    assert (await token(identity, client, client["client_secret"])).status_code == 401


async def test_a_change_says_only_what_is_different(identity: RunningService) -> None:
    client = await registered(identity, client_uri="https://erp.example/")
    path = f"/api/v1/clients/{client['client_id']}"
    async with identity.operator() as operator:
        changed = (await operator.patch(path, json={"tos_uri": "https://erp.example/tos"})).json()
        refused = await operator.patch(path, json={"scope": "unheard:of"})

    assert changed["client_uri"] == "https://erp.example/"
    assert changed["tos_uri"] == "https://erp.example/tos"
    assert changed["scope"] == "orders:read"
    assert refused.status_code == 422


async def test_two_people_do_not_overwrite_each_other(identity: RunningService) -> None:
    client = await registered(identity)
    path = f"/api/v1/clients/{client['client_id']}"
    async with identity.operator() as operator:
        seen = (await operator.get(path)).headers["etag"]
        first = await operator.patch(path, json={"client_name": "One"}, headers={"If-Match": seen})
        second = await operator.patch(path, json={"client_name": "Two"}, headers={"If-Match": seen})

    assert first.status_code == 200
    assert second.status_code == 412


async def test_the_platform_s_own_clients_belong_to_its_settings(identity: RunningService) -> None:
    async with identity.operator() as operator:
        shown = await operator.get("/api/v1/clients/gateway")
        refused = [
            await operator.patch("/api/v1/clients/gateway", json={"client_name": "x"}),
            await operator.delete("/api/v1/clients/gateway"),
            await operator.post("/api/v1/clients/gateway/rotate-secret"),
        ]

    assert shown.json()["redirect_uris"] == ["http://localhost:8080/bff/callback"]
    assert [answer.status_code for answer in refused] == [409, 409, 409]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/clients"),
        ("POST", "/clients"),
        ("GET", "/clients/gateway"),
        ("PATCH", "/clients/gateway"),
        ("DELETE", "/clients/gateway"),
        ("POST", "/clients/gateway/rotate-secret"),
        ("GET", "/signing-keys"),
        ("POST", "/signing-keys/rotate"),
    ],
)
async def test_operators_only(identity: RunningService, method: str, path: str) -> None:
    async with identity.anonymous() as stranger, identity.client(scopes="orders:write", roles=("owner",)) as owner:
        statuses = [
            (await caller.request(method, f"/api/v1{path}", json=ERP)).status_code for caller in (stranger, owner)
        ]

    assert statuses == [401, 403]


async def test_reading_does_not_allow_changing(identity: RunningService) -> None:
    async with identity.client(scopes="operator:read", subject="reader", client_id="reader") as reader:
        assert (await reader.get("/api/v1/clients")).status_code == 200
        assert (await reader.post("/api/v1/clients", json=ERP)).status_code == 403


async def test_unknown_clients_are_not_found(identity: RunningService) -> None:
    async with identity.operator() as operator:
        answer = await operator.get(f"/api/v1/clients/{new_id('cli')}")

    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/problems/client-not-found")


async def test_disabled_clients_can_be_asked_for(identity: RunningService) -> None:
    first, second = [(await registered(identity, client_name="Of two"))["client_id"] for _ in range(2)]
    async with identity.operator() as operator:
        await operator.patch(f"/api/v1/clients/{first}", json={"status": "disabled"})
        found = {
            status: await operator.get("/api/v1/clients", params={"client_name": "Of two", "status": status})
            for status in ("disabled", "active")
        }

    assert [item["client_id"] for item in found["disabled"].json()["items"]] == [first]
    assert [item["client_id"] for item in found["active"].json()["items"]] == [second]


async def test_the_list_is_a_stable_page(identity: RunningService) -> None:
    wanted = [(await registered(identity, client_name="Paged"))["client_id"] for _ in range(3)]
    async with identity.operator() as operator:
        first = (await operator.get("/api/v1/clients", params={"client_name": "Paged", "limit": 2})).json()
        rest = (
            await operator.get(
                "/api/v1/clients", params={"client_name": "Paged", "limit": 2, "cursor": first["next_cursor"]}
            )
        ).json()

    assert [item["client_id"] for item in first["items"] + rest["items"]] == wanted
    assert rest["next_cursor"] is None
