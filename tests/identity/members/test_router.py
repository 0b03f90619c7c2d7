"""The people of an organization: invited many at once, changed, removed, and never without an owner."""

import asyncio

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active, an_address, an_owner, as_owner, as_person


async def members_of(caller) -> list[dict]:
    return (await caller.get("/api/v1/members")).json()["items"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/members", None),
        ("GET", "/api/v1/members/mem_x", None),
        ("POST", "/api/v1/members/invitations", {"emails": ["a@muster.example"], "roles": ["member"]}),
        ("PATCH", "/api/v1/members/mem_x", {"roles": ["member"]}),
        ("DELETE", "/api/v1/members/mem_x", None),
    ],
)
async def test_who_may_do_what(identity: RunningService, method: str, path: str, body: dict | None) -> None:
    owner = await an_owner(identity)
    async with identity.anonymous() as nobody:
        assert (await nobody.request(method, path, json=body)).status_code == 401
    async with as_person(identity, owner, scopes="catalog:read") as person:
        assert (await person.request(method, path, json=body)).status_code == 403
    async with identity.client(scopes="members:read members:write") as homeless:
        assert (await homeless.request(method, path, json=body)).status_code == 403


async def test_each_address_gets_its_own_answer(identity: RunningService) -> None:
    owner = await an_owner(identity)
    anna, ben = an_address("anna"), an_address("ben")
    async with as_owner(identity, owner) as caller:
        answer = await caller.post(
            "/api/v1/members/invitations",
            json={"emails": [anna, "no address", anna.upper(), owner["email"], ben], "roles": ["license_manager"]},
        )
        listed = await members_of(caller)

    assert answer.status_code == 200
    results = answer.json()["items"]
    assert [(one["input"], one["result"], one.get("code")) for one in results] == [
        (anna, "invited", None),
        ("no address", "refused", "invalid_email"),
        (anna.upper(), "refused", "duplicate_in_input"),
        (owner["email"], "refused", "already_member"),
        (ben, "invited", None),
    ]
    assert {(one["email"], one["status"], *one["roles"]) for one in listed} == {
        (owner["email"], "invited", "owner"),
        (anna, "invited", "license_manager"),
        (ben, "invited", "license_manager"),
    }
    mailed = [
        event["email"]
        for event in await identity.published("identity.account.invited.v1")
        if event["reason"] == "member" and event["organization_id"] == owner["organization_id"]
    ]
    assert sorted(mailed) == sorted([anna, ben])


async def test_addresses_may_come_as_one_text(identity: RunningService) -> None:
    owner = await an_owner(identity)
    one, two, three = an_address(), an_address(), an_address()
    async with as_owner(identity, owner) as caller:
        answer = await caller.post(
            "/api/v1/members/invitations", json={"emails": f"{one}, Ben Two <{two}>;\n{three}", "roles": ["member"]}
        )
    assert [item["email"] for item in answer.json()["items"]] == [one, two, three]


async def test_two_invitations_of_one_address_at_once_make_one_member(identity: RunningService) -> None:
    owner = await an_owner(identity)
    body = {"emails": [an_address()], "roles": ["member"]}
    callers = [as_owner(identity, owner) for _ in range(4)]
    answers = await asyncio.gather(*[caller.post("/api/v1/members/invitations", json=body) for caller in callers])
    results = sorted(answer.json()["items"][0]["result"] for answer in answers)
    assert results == ["invited", "refused", "refused", "refused"]
    for caller in callers:
        await caller.aclose()


async def test_members_of_another_organization_do_not_exist(identity: RunningService) -> None:
    mine, foreign = await an_owner(identity), await an_owner(identity)
    async with as_owner(identity, foreign) as other:
        (theirs,) = await members_of(other)
    async with as_owner(identity, mine) as caller:
        answers = [
            await caller.get(f"/api/v1/members/{theirs['id']}"),
            await caller.patch(f"/api/v1/members/{theirs['id']}", json={"roles": ["member"]}),
            await caller.delete(f"/api/v1/members/{theirs['id']}"),
        ]
    assert {answer.status_code for answer in answers} == {404}


async def test_the_last_owner_stays(identity: RunningService) -> None:
    owner = await an_owner(identity)
    async with as_owner(identity, owner) as caller:
        (me,) = await members_of(caller)
        leave = await caller.delete(f"/api/v1/members/{me['id']}")
        demote = await caller.patch(f"/api/v1/members/{me['id']}", json={"roles": ["buyer"]})

    assert leave.status_code == demote.status_code == 409
    assert leave.json()["type"].endswith("/problems/last-owner")


async def test_two_owners_leaving_at_once_leave_one_behind(identity: RunningService) -> None:
    for _ in range(3):
        owner = await an_owner(identity)
        async with as_owner(identity, owner) as one, as_owner(identity, owner) as other:
            await one.post("/api/v1/members/invitations", json={"emails": [an_address()], "roles": ["owner"]})
            first, second = await members_of(one)
            answers = await asyncio.gather(
                one.delete(f"/api/v1/members/{first['id']}"),
                other.patch(f"/api/v1/members/{second['id']}", json={"roles": ["member"]}),
            )
            left = await members_of(one)

        assert sorted(answer.status_code for answer in answers) in ([204, 409], [200, 409])
        assert len([member for member in left if "owner" in member["roles"]]) == 1


async def test_roles_change_with_an_etag_and_are_told(identity: RunningService) -> None:
    owner = await an_owner(identity)
    async with as_owner(identity, owner) as caller:
        await caller.post("/api/v1/members/invitations", json={"emails": [an_address()], "roles": ["member"]})
        _, member = await members_of(caller)
        path = f"/api/v1/members/{member['id']}"
        etag = (await caller.get(path)).headers["etag"]
        changed = await caller.patch(path, json={"roles": ["buyer", "member"]}, headers={"If-Match": etag})
        stale = await caller.patch(path, json={"roles": ["member"]}, headers={"If-Match": etag})
        removed = await caller.delete(path)
        gone = await caller.get(path)

    assert changed.json()["roles"] == ["buyer", "member"]
    assert stale.status_code == 412
    assert removed.status_code == 204
    assert gone.status_code == 404
    told = await identity.envelopes("identity.member.changed.v1")
    assert [event["data"]["roles"] for event in told if event["subject"] == member["id"]] == [["buyer", "member"]]
    removals = await identity.published("identity.member.removed.v1")
    assert [event["member_id"] for event in removals if event["member_id"] == member["id"]] == [member["id"]]


async def test_an_active_person_joins_at_once(identity: RunningService) -> None:
    owner, colleague = await an_owner(identity), await active(identity)
    async with as_owner(identity, owner) as caller:
        await caller.post("/api/v1/members/invitations", json={"emails": [colleague["email"]]})
        _, member = await members_of(caller)
    assert member["status"] == "active"


async def test_lists_are_pages(identity: RunningService) -> None:
    owner = await an_owner(identity)
    async with as_owner(identity, owner) as caller:
        await caller.post("/api/v1/members/invitations", json={"emails": [an_address() for _ in range(4)]})
        first = (await caller.get("/api/v1/members?limit=3")).json()
        second = (await caller.get(f"/api/v1/members?limit=3&cursor={first['next_cursor']}")).json()
    assert len(first["items"]) == 3
    assert len(second["items"]) == 2
    assert second["next_cursor"] is None


async def test_who_has_an_account_is_told_of_the_organization(identity: RunningService) -> None:
    owner, colleague = await an_owner(identity), await active(identity)
    async with as_owner(identity, owner) as caller:
        answers = [
            await caller.post("/api/v1/members/invitations", json={"emails": [colleague["email"]]}) for _ in range(2)
        ]

    assert [answer.json()["items"][0]["result"] for answer in answers] == ["invited", "refused"]
    told = [one for one in await identity.published("identity.account.joined.v1") if one["email"] == colleague["email"]]
    assert [one["organization_id"] for one in told] == [owner["organization_id"]]
    assert told[0]["organization_name"]


async def test_who_still_waits_can_be_asked_for(identity: RunningService) -> None:
    owner, invited = await an_owner(identity), an_address()
    async with as_owner(identity, owner) as caller:
        await caller.post("/api/v1/members/invitations", json={"emails": [invited]})
        waiting = await caller.get("/api/v1/members", params={"status": "invited"})
        active_ones = await caller.get("/api/v1/members", params={"status": "active"})
        wrong = await caller.get("/api/v1/members", params={"status": "tired"})

    assert [one["email"] for one in waiting.json()["items"]] == [owner["email"], invited]
    assert active_ones.json()["items"] == []
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "?status")


async def test_who_waits_already_gets_the_activation_mail_again(identity: RunningService) -> None:
    owner, other = await an_owner(identity), await an_owner(identity)
    async with as_owner(identity, owner) as caller:
        await caller.post("/api/v1/members/invitations", json={"emails": [other["email"]], "roles": ["member"]})
    requests = await identity.published("identity.account.activation_requested.v1")
    assert [one["reason"] for one in requests if one["account_id"] == other["id"]] == ["member"]


async def test_support_staff_who_own_an_organization_change_no_other(identity: RunningService) -> None:
    mine, foreign = await an_owner(identity), await an_owner(identity)
    async with as_owner(identity, foreign) as other:
        (theirs,) = await members_of(other)
    scopes = "members:read members:write operator:read"
    async with as_person(identity, mine, scopes=scopes, roles=("owner",)) as support:
        seen = await support.get(f"/api/v1/members/{theirs['id']}")
        changed = await support.patch(f"/api/v1/members/{theirs['id']}", json={"roles": ["member"]})
        removed = await support.delete(f"/api/v1/members/{theirs['id']}")
        renamed = await support.patch(f"/api/v1/organizations/{foreign['organization_id']}", json={"name": "Mine"})
    assert seen.status_code == 200
    assert {changed.status_code, removed.status_code, renamed.status_code} == {404}


async def test_two_organizations_inviting_the_same_people_at_once_both_succeed(identity: RunningService) -> None:
    one, other = await an_owner(identity), await an_owner(identity)
    people = [an_address("shared") for _ in range(30)]
    async with as_owner(identity, one) as first, as_owner(identity, other) as second:
        answers = await asyncio.gather(
            first.post("/api/v1/members/invitations", json={"emails": people}),
            second.post("/api/v1/members/invitations", json={"emails": people[::-1]}),
        )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {item["result"] for answer in answers for item in answer.json()["items"]} == {"invited"}
