"""The self API."""

import pytest

from identity.accounts.verify_password import verify_password
from tests.harness.service import RunningService
from tests.identity.people import OTHER_PASSWORD, PASSWORD, active, an_owner, as_person


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/v1/me"), ("PATCH", "/api/v1/me"), ("POST", "/api/v1/me/password")]
)
async def test_only_people_have_a_profile(identity: RunningService, method: str, path: str) -> None:
    body = {"current_password": "x", "new_password": "y"} if method == "POST" else {} if method == "PATCH" else None
    async with identity.anonymous() as nobody:
        assert (await nobody.request(method, path, json=body)).status_code == 401
    async with identity.operator() as machine:
        assert (await machine.request(method, path, json=body)).status_code == 403


async def test_me_needs_no_scope_and_tells_my_organizations(identity: RunningService) -> None:
    owner = await an_owner(identity)
    async with as_person(identity, owner) as me:
        answer = await me.get("/api/v1/me")
    profile = answer.json()
    assert profile["email"] == owner["email"]
    assert profile["organizations"] == [
        {"id": owner["organization_id"], "name": "Muster GmbH", "roles": ["owner"], "active": True}
    ]
    assert profile["mfa"] == {"enabled": False, "recovery_codes_left": 0}


async def test_name_and_language_change_and_nothing_else(identity: RunningService) -> None:
    person = await active(identity)
    async with as_person(identity, person) as me:
        etag = (await me.get("/api/v1/me")).headers["etag"]
        changed = await me.patch("/api/v1/me", json={"locale": "fr"}, headers={"If-Match": etag})
        stale = await me.patch("/api/v1/me", json={"name": "Late"}, headers={"If-Match": etag})
        refused = [
            await me.patch("/api/v1/me", json=body)
            for body in ({"locale": "es"}, {"name": ""}, {"name": None}, {"email": "x@y.example"}, {"status": "active"})
        ]
    assert changed.json()["locale"] == "fr"
    assert changed.json()["name"] == person["name"]
    assert stale.status_code == 412
    assert {answer.status_code for answer in refused} == {422}


async def test_the_password_changes_with_the_present_one(identity: RunningService) -> None:
    person = await active(identity)
    async with as_person(identity, person) as me:
        wrong = await me.post("/api/v1/me/password", json={"current_password": "no", "new_password": OTHER_PASSWORD})
        weak = await me.post("/api/v1/me/password", json={"current_password": PASSWORD, "new_password": "short"})
        done = await me.post("/api/v1/me/password", json={"current_password": PASSWORD, "new_password": OTHER_PASSWORD})
    assert wrong.status_code == weak.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/current_password"
    assert weak.json()["errors"][0]["code"] == "too_short"
    assert done.status_code == 204
    assert await verify_password(identity.runtime, email=person["email"], password=OTHER_PASSWORD) is not None
    ended = await identity.published("identity.session.ended.v1")
    assert [event["reason"] for event in ended if event["account_id"] == person["id"]] == ["password_changed"]
    changed = await identity.published("identity.account.password_changed.v1")
    assert len([event for event in changed if event["account_id"] == person["id"]]) == 1


async def test_guessing_at_the_password_of_an_open_session_is_slowed_down(identity: RunningService) -> None:
    person = await active(identity)
    wrong = {"current_password": "a guess", "new_password": OTHER_PASSWORD}
    async with as_person(identity, person) as me:
        guesses = [await me.post("/api/v1/me/password", json=wrong) for _ in range(12)]
        right = await me.post("/api/v1/me/password", json=wrong | {"current_password": PASSWORD})
    assert [answer.status_code for answer in guesses] == [422] * 10 + [429] * 2
    assert guesses[-1].headers["retry-after"] == "900"
    assert right.status_code == 429
