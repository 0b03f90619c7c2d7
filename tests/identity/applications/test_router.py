"""The register of applications, and the tiles each person sees."""

from datetime import timedelta

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active, an_address, an_owner, as_owner, as_person
from tests.identity.reactions.facts import a_grant, a_transfer

APPLICATION = {"code": "reports", "name": {"en": "Reports", "de": "Berichte"}, "launch_url": "https://reports.example/"}


async def tiles(identity: RunningService, account: dict, **headers: str) -> list[dict]:
    async with as_person(identity, account) as me:
        answer = await me.get("/api/v1/apps", headers=headers)
    assert answer.status_code == 200
    return answer.json()["items"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/applications", None),
        ("POST", "/api/v1/applications", APPLICATION),
        ("GET", "/api/v1/applications/shop", None),
        ("PATCH", "/api/v1/applications/shop", {"launch_url": "/elsewhere"}),
        ("DELETE", "/api/v1/applications/shop", None),
    ],
)
async def test_the_register_is_for_operators(
    identity: RunningService, method: str, path: str, body: dict | None
) -> None:
    owner = await an_owner(identity)
    async with identity.anonymous() as nobody:
        assert (await nobody.request(method, path, json=body)).status_code == 401
    async with as_owner(identity, owner) as person:
        assert (await person.request(method, path, json=body)).status_code == 403


async def test_create_show_change_delete(identity: RunningService) -> None:
    async with identity.operator() as operator:
        made = await operator.post("/api/v1/applications", json=APPLICATION)
        twice = await operator.post("/api/v1/applications", json=APPLICATION)
        shown = await operator.get("/api/v1/applications/reports")
        found = await operator.get(
            "/api/v1/applications", params={"code": "reports", "category": shown.json()["category"]}
        )
        none = await operator.get("/api/v1/applications", params={"code": "reports", "category": "elsewhere"})
        etag = shown.headers["etag"]
        changed = await operator.patch(
            f"/api/v1/applications/{made.json()['id']}", json={"visible_to": ["buyer"]}, headers={"If-Match": etag}
        )
        stale = await operator.patch("/api/v1/applications/reports", json={"icon": None}, headers={"If-Match": etag})
        deleted = await operator.delete("/api/v1/applications/reports")
        gone = await operator.get("/api/v1/applications/reports")

    assert made.status_code == 201
    assert made.json()["name"] == {"en": "Reports", "fr": "Reports", "de": "Berichte", "it": "Reports"}
    assert made.json()["visible_to"] == "entitled"
    assert twice.status_code == 409
    assert ([item["id"] for item in found.json()["items"]], none.json()["items"]) == ([made.json()["id"]], [])
    assert changed.json()["visible_to"] == ["buyer"]
    assert stale.status_code == 412
    assert deleted.status_code == 204
    assert gone.status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"launch_url": "javascript:alert(1)"},
        {"launch_url": "http://plain.example/"},
        {"launch_url": "//evil.example/"},
        {"launch_url": "/\\evil.example/"},
        {"launch_url": "/\t/evil.example/"},
        {"icon": "/\\evil.example/a.png"},
        {"launch_url": "https://user:secret@evil.example/"},
        {"code": "Has Spaces"},
        {"visible_to": "somebody"},
        {"visible_to": []},
        {"name": {"de": "Nur deutsch"}},
    ],
)
async def test_what_cannot_be_opened_is_refused(identity: RunningService, wrong: dict) -> None:
    async with identity.operator() as operator:
        answer = await operator.post("/api/v1/applications", json=APPLICATION | wrong)
    assert answer.status_code == 422


async def test_built_in_tiles_follow_the_roles(identity: RunningService) -> None:
    owner = await active(identity, organization={"name": "Muster GmbH", "country": "DE"}, roles=["owner"])
    async with as_owner(identity, owner) as caller:
        for role in ("buyer", "license_manager", "member"):
            await caller.post("/api/v1/members/invitations", json={"emails": [an_address(role)], "roles": [role]})
        members = (await caller.get("/api/v1/members")).json()["items"]
    seen = {}
    for member in members:
        person = {"id": member["account_id"], "email": member["email"], "organization_id": owner["organization_id"]}
        seen[member["roles"][0]] = [tile["code"] for tile in await tiles(identity, person)]

    assert seen == {
        "owner": ["shop", "license-management"],
        "buyer": ["shop"],
        "license_manager": ["license-management"],
        "member": [],
    }


async def test_a_role_taken_away_closes_its_tile_at_once(identity: RunningService) -> None:
    owner, colleague = await an_owner(identity), await active(identity)
    async with as_owner(identity, owner) as caller:
        await caller.post("/api/v1/members/invitations", json={"emails": [colleague["email"]], "roles": ["buyer"]})
        _, member = (await caller.get("/api/v1/members")).json()["items"]
        person = colleague | {"organization_id": owner["organization_id"]}
        before = await tiles(identity, person)
        await caller.delete(f"/api/v1/members/{member['id']}")
        after = await tiles(identity, person)
    assert [tile["code"] for tile in before] == ["shop"]
    assert after == []


async def test_the_archive_is_for_transferred_buyers(identity: RunningService) -> None:
    fact = a_transfer()
    await identity.deliver("shop.transfer.transferred.v1", fact, subject=fact["transfer_id"])
    async with identity.operator() as operator:
        (account,) = (await operator.get("/api/v1/accounts", params={"email": fact["buyer"]["email"]})).json()["items"]
    account["organization_id"] = fact["organization"]["id"]

    shown = await tiles(identity, account)

    assert [tile["code"] for tile in shown] == ["shop", "license-management", "legacy-archive"]
    assert {tile["reason"] for tile in shown} == {"role"}


async def test_an_entitlement_opens_its_tile_for_its_time(identity: RunningService) -> None:
    person = await active(identity)
    async with identity.operator() as operator:
        await operator.post(
            "/api/v1/applications",
            json={"code": "timed", "name": {"en": "Timed", "fr": "Minuté"}, "launch_url": "https://timed.example/"},
        )
    await identity.deliver(
        "shop.product.changed.v1",
        {"product_code": "timed-product", "name": {"en": "T"}, "applications": ["timed"]},
        subject="prd_timed",
    )
    now = identity.clock.now()
    first, until = now + timedelta(days=1), now + timedelta(days=3)
    grant = a_grant("org_x", valid_from=first.isoformat(), valid_until=until.isoformat())
    snapshot = {"email": person["email"], "product_code": "timed-product", "grants": [grant]}
    await identity.deliver("licensing.entitlement.changed.v1", snapshot, subject="ent_timed")

    before = await tiles(identity, person)
    identity.clock.advance(timedelta(days=1))
    during = await tiles(identity, person, **{"Accept-Language": "fr-CH, en;q=0.5"})
    identity.clock.advance(timedelta(days=2))
    after = await tiles(identity, person)

    assert before == after == []
    (tile,) = during
    assert set(tile) >= {"id", "name", "description", "icon", "category", "launch_url", "reason", "valid_until"}
    assert tile["name"] == "Minuté"
    assert tile["reason"] == "assigned"
    assert tile["valid_until"].startswith(until.isoformat()[:19])


async def test_machines_have_no_tiles(identity: RunningService) -> None:
    async with identity.operator() as machine:
        assert (await machine.get("/api/v1/apps")).json()["items"] == []
