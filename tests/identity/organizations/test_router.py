"""Organizations: one's own, nobody else's."""

import pytest

from tests.harness.service import RunningService
from tests.identity.people import an_owner, as_owner, as_person


async def test_members_see_their_organization_and_no_other(identity: RunningService) -> None:
    mine, foreign = await an_owner(identity), await an_owner(identity)
    async with as_person(identity, mine) as me:
        own = await me.get(f"/api/v1/organizations/{mine['organization_id']}")
        other = await me.get(f"/api/v1/organizations/{foreign['organization_id']}")
        unknown = await me.get("/api/v1/organizations/org_unknown")

    assert own.status_code == 200
    assert own.json()["time_zone"] == "Europe/Berlin"
    assert own.headers["etag"]
    assert other.status_code == unknown.status_code == 404
    assert other.json()["type"] == unknown.json()["type"]


async def test_who_may_change_an_organization(identity: RunningService) -> None:
    mine, foreign = await an_owner(identity), await an_owner(identity)
    path = f"/api/v1/organizations/{mine['organization_id']}"
    callers = {
        "anonymous": (identity.anonymous(), 401),
        "without the scope": (as_person(identity, mine), 403),
        "a foreign owner": (as_owner(identity, foreign), 404),
        "the owner": (as_owner(identity, mine), 200),
        "an operator": (identity.operator(), 200),
    }
    for who, (caller, status) in callers.items():
        async with caller:
            answer = await caller.patch(path, json={"name": f"Renamed by {who}"})
        assert answer.status_code == status, who


async def test_a_change_is_told_and_a_stale_one_refused(identity: RunningService) -> None:
    account = await an_owner(identity)
    path = f"/api/v1/organizations/{account['organization_id']}"
    async with as_owner(identity, account) as owner:
        seen = (await owner.get(path)).headers["etag"]
        changed = await owner.patch(path, json={"vat_id": "DE123456789"}, headers={"If-Match": seen})
        stale = await owner.patch(path, json={"name": "Late"}, headers={"If-Match": seen})

    assert changed.status_code == 200
    assert changed.json()["vat_id"] == "DE123456789"
    assert stale.status_code == 412
    told = [
        event
        for event in await identity.published("identity.organization.changed.v1")
        if event["organization_id"] == account["organization_id"]
    ]
    assert [event["vat_id"] for event in told] == ["DE123456789"]


@pytest.mark.parametrize(
    "body",
    [{"time_zone": "Europe/Atlantis"}, {"country": "deutschland"}, {"name": None}, {"name": " "}, {"unknown": 1}],
)
async def test_what_cannot_be_is_refused(identity: RunningService, body: dict) -> None:
    account = await an_owner(identity)
    async with as_owner(identity, account) as owner:
        answer = await owner.patch(f"/api/v1/organizations/{account['organization_id']}", json=body)
    assert answer.status_code == 422
