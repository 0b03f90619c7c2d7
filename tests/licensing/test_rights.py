"""Who may call what: anonymous, without the scope, another organization, operators."""

from typing import Any

import pytest

from tests.licensing.world import Customer, World

ROUTES: list[tuple[str, str, str, Any]] = [
    ("GET", "/licenses", "licenses:read", None),
    ("GET", "/licenses/{license}", "licenses:read", None),
    ("GET", "/licenses/{license}/seats", "licenses:read", None),
    ("GET", "/licenses/{license}/history", "licenses:read", None),
    ("GET", "/licenses/{license}/assignments", "licenses:read", None),
    ("POST", "/licenses/{license}/resize-preview", "licenses:read", {"quantity": 5}),
    ("POST", "/licenses/{license}/assignments", "licenses:write", {"emails": "r@x.example", "dry_run": True}),
    ("POST", "/licenses/{license}/usage", "licenses:write", {"units": 1, "reference": "r"}),
    ("GET", "/assignments", "licenses:read", None),
    ("GET", "/assignments/{assignment}", "licenses:read", None),
    ("GET", "/assignments/{assignment}/history", "licenses:read", None),
    ("PATCH", "/assignments/{assignment}", "licenses:write", {}),
    ("POST", "/assignments/{assignment}/resend-invitation", "licenses:write", None),
    ("POST", "/assignments/{assignment}/reassign", "licenses:write", {"email": "never@x.example"}),
    ("POST", "/assignments/{assignment}/deactivate", "licenses:write", None),
    ("GET", "/reports/seat-usage", "licenses:read", None),
    ("GET", "/entitlements?email=a@x.eu", "entitlements:read", None),
    ("GET", "/entitlements/check?product=cad-pro&email=a@x.eu", "entitlements:read", None),
    ("POST", "/entitlements/check", "entitlements:read", []),
    ("GET", "/entitlements/explain?product=cad-pro&email=a@x.eu", "entitlements:read", None),
]
IDS = [f"{method} {path}" for method, path, _, _ in ROUTES]
OTHER_SCOPES = "catalog:read orders:read orders:write payment_methods:write members:read members:write webhooks:write"


async def _place(world: World) -> tuple[Customer, dict[str, str]]:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    async with world.manager(customer) as client:
        (assignment,) = (await client.get(f"/api/v1/licenses/{license['id']}/assignments")).json()["items"]
    return customer, {"license": license["id"], "assignment": assignment["id"]}


async def _call(client: Any, method: str, path: str, body: Any, ids: dict[str, str]) -> Any:
    return await client.request(method, "/api/v1" + path.format(**ids), json=body)


@pytest.mark.parametrize(("method", "path", "scope", "body"), ROUTES, ids=IDS)
async def test_callers(world: World, method: str, path: str, scope: str, body: Any) -> None:
    customer, ids = await _place(world)
    stranger = Customer()
    every_scope = "licenses:read licenses:write entitlements:read"
    lacking = f"{OTHER_SCOPES} {' '.join(s for s in every_scope.split() if s != scope)}"

    async with world.service.anonymous() as client:
        assert (await _call(client, method, path, body, ids)).status_code == 401
    async with world.service.client(scopes=lacking, org=customer.id) as client:
        refused = await _call(client, method, path, body, ids)
        assert refused.status_code == 403
        assert refused.json()["type"].endswith("/problems/lacks-scope")
    async with world.service.client(scopes=every_scope) as client:
        homeless = await _call(client, method, path, body, ids)
        assert homeless.status_code == 403
        assert homeless.json()["type"].endswith("/problems/no-organization")
    async with world.service.client(scopes=scope, org=stranger.id) as client:
        foreign = await _call(client, method, path, body, ids)
        assert foreign.status_code == (404 if "{" in path else 200), foreign.text
    async with world.service.client(scopes=scope, org=customer.id) as client:
        allowed = await _call(client, method, path, body, ids)
        assert allowed.status_code == (409 if path.endswith("/usage") else 200), allowed.text


@pytest.mark.parametrize(("method", "path", "scope", "body"), ROUTES, ids=IDS)
async def test_operators_reach_every_organization(world: World, method: str, path: str, scope: str, body: Any) -> None:
    _, ids = await _place(world)

    async with world.service.operator() as client:
        answer = await _call(client, method, path, body, ids)
    reader = world.service.client(scopes="operator:read", subject="cli_r", client_id="cli_r")
    async with reader as client:
        only_reading = await _call(client, method, path, body, ids)

    assert answer.status_code == (409 if path.endswith("/usage") else 200), answer.text
    if scope.endswith(":write"):
        assert only_reading.status_code == 403


async def test_operators_list_one_organization_by_its_id(world: World) -> None:
    customer, _ = await _place(world)
    await _place(world)
    async with world.service.operator() as client:
        one = (await client.get("/api/v1/licenses", params={"organization": customer.id})).json()["items"]
        all_of_them = (await client.get("/api/v1/licenses", params={"limit": 200})).json()["items"]

    assert {license["organization_id"] for license in one} == {customer.id}
    assert len({license["organization_id"] for license in all_of_them}) > 1


async def test_others_cannot_name_an_organization(world: World) -> None:
    customer, _ = await _place(world)
    stranger, _ = await _place(world)
    async with world.manager(stranger) as client:
        answer = await client.get("/api/v1/licenses", params={"organization": customer.id})

    assert {license["organization_id"] for license in answer.json()["items"]} == {stranger.id}


async def test_unknown_things_are_not_found(world: World) -> None:
    customer, _ = await _place(world)
    async with world.manager(customer) as client:
        for path in ("/licenses/lic_none", "/licenses/lic_none/seats", "/assignments/asg_none"):
            assert (await client.get(f"/api/v1{path}")).status_code == 404


async def test_an_operator_who_may_only_read_changes_no_foreign_organization(world: World) -> None:
    """Scopes of one's own organization do not reach beyond it, whatever else one may read."""
    _, ids = await _place(world)
    own = Customer()
    scopes = "operator:read licenses:read licenses:write"
    path = f"/api/v1/assignments/{ids['assignment']}"
    async with world.service.client(scopes=scopes, org=own.id) as client:
        seen = await client.get(path)
        foreign = await client.post(f"{path}/deactivate")
    async with world.service.client(scopes=scopes) as client:
        homeless = await client.post(f"{path}/deactivate")

    assert (seen.status_code, foreign.status_code, homeless.status_code) == (200, 404, 403)
