"""“Change user”, “Deactivate” and what goes with them."""

import csv
import json
from datetime import timedelta
from typing import Any

from tests.harness.eventually import eventually
from tests.licensing.world import Customer, World


async def _one(world: World, quantity: int = 2, **days: str) -> tuple[Customer, dict[str, Any], dict[str, Any]]:
    customer = Customer()
    _, license = await world.start(customer, quantity=quantity)
    (result,) = await world.assign(customer, license["id"], "jane@x.example", **days)
    return customer, license, result["assignment"]


async def test_deactivated_access_is_refused_by_the_next_check_and_the_seat_is_free_the_same_day(world: World) -> None:
    customer, license, assignment = await _one(world)
    async with world.manager(customer) as client:
        answer = await client.post(f"/api/v1/assignments/{assignment['id']}/deactivate")

    assert answer.json()["status"] == "deactivated"
    assert await world.reason(customer, "jane@x.example") == "deactivated"
    (again,) = await world.assign(customer, license["id"], "john@x.example")
    assert again["assignment"]["seat"] == assignment["seat"]
    assert again["assignment"]["first_day"] == assignment["first_day"]


async def test_deactivating_twice_is_harmless(world: World) -> None:
    customer, _, assignment = await _one(world)
    async with world.manager(customer) as client:
        first = await client.post(f"/api/v1/assignments/{assignment['id']}/deactivate", json={"note": "left"})
        second = await client.post(f"/api/v1/assignments/{assignment['id']}/deactivate")

    assert first.json() == second.json()
    assert first.json()["note"] == "left"
    events = await world.service.published("licensing.assignment.deactivated.v1")
    assert len([event for event in events if event["assignment"]["id"] == assignment["id"]]) == 1


async def test_access_can_end_after_a_last_day(world: World) -> None:
    customer, _, assignment = await _one(world)
    last_day = world.today(customer) + timedelta(days=3)
    async with world.manager(customer) as client:
        answer = await client.post(
            f"/api/v1/assignments/{assignment['id']}/deactivate",
            json={"last_day": str(last_day), "note": "leaves the company"},
        )

    assert answer.json()["last_day"] == str(last_day)
    assert answer.json()["note"] == "leaves the company"
    assert answer.json()["status"] == "active"
    assert (await world.check(customer, "jane@x.example"))["allowed"]


async def test_the_days_can_be_changed_within_the_term(world: World) -> None:
    customer, _, assignment = await _one(world)
    today = world.today(customer)
    path = f"/api/v1/assignments/{assignment['id']}"
    async with world.manager(customer) as client:
        later = await client.patch(path, json={"first_day": str(today + timedelta(days=5))})
        too_late = await client.patch(path, json={"last_day": str(today + timedelta(days=400))})
        past = await client.patch(path, json={"first_day": str(today - timedelta(days=1))})
        backwards = await client.patch(path, json={"last_day": str(today + timedelta(days=4))})
        opened = await client.patch(path, json={"first_day": str(today), "last_day": None})

    assert later.json()["status"] == "scheduled"
    assert too_late.json()["errors"][0] | {"detail": ""} == {
        "pointer": "/last_day",
        "code": "outside_license_term",
        "detail": "",
    }
    assert past.json()["errors"][0]["code"] == "period_in_past"
    assert backwards.json()["errors"][0]["code"] == "invalid_period"
    assert opened.json()["status"] == "active"
    assert (await world.check(customer, "jane@x.example"))["allowed"]


async def test_a_stale_version_is_refused(world: World) -> None:
    customer, _, assignment = await _one(world)
    path = f"/api/v1/assignments/{assignment['id']}"
    async with world.manager(customer) as client:
        seen = (await client.get(path)).headers["etag"]
        first = await client.patch(path, json={"note": "one"}, headers={"If-Match": seen})
        second = await client.patch(path, json={"note": "two"}, headers={"If-Match": seen})
        third = await client.patch(path, json={"note": "two"}, headers={"If-Match": first.headers["etag"]})

    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 200)
    assert second.json()["type"].endswith("/problems/changed-meanwhile")


async def test_a_seat_is_handed_over_with_its_remaining_days(world: World) -> None:
    customer, _, assignment = await _one(world)
    async with world.manager(customer) as client:
        answer = await client.post(
            f"/api/v1/assignments/{assignment['id']}/reassign", json={"email": "John <john@x.example>"}
        )
        bad = await client.post(f"/api/v1/assignments/{answer.json()['id']}/reassign", json={"email": "john"})
        taken = await client.post(
            f"/api/v1/assignments/{answer.json()['id']}/reassign", json={"email": customer.buyer_email}
        )
        over = await client.post(f"/api/v1/assignments/{assignment['id']}/reassign", json={"email": "x@x.example"})

    assert answer.json()["previous_id"] == assignment["id"]
    assert answer.json()["seat"] == assignment["seat"]
    assert await world.reason(customer, "jane@x.example") == "deactivated"
    assert await world.reason(customer, "john@x.example") == "assigned"
    assert (bad.status_code, taken.status_code, over.status_code) == (422, 409, 409)
    assert taken.json()["type"].endswith("/problems/already-assigned")
    assert over.json()["type"].endswith("/problems/assignment-over")


async def test_an_invitation_can_be_mailed_again(world: World) -> None:
    customer, _, assignment = await _one(world)
    async with world.manager(customer) as client:
        answer = await client.post(f"/api/v1/assignments/{assignment['id']}/resend-invitation")

    assert answer.status_code == 200
    events = await world.service.published("licensing.assignment.invitation_requested.v1")
    assert events[-1]["assignment"]["id"] == assignment["id"]
    assert events[-1]["notify"]


async def test_seats_show_who_held_holds_and_will_hold_them(world: World) -> None:
    customer, license, assignment = await _one(world)
    today = world.today(customer)
    async with world.manager(customer) as client:
        await client.post(f"/api/v1/assignments/{assignment['id']}/deactivate")
        days = {"first_day": str(today + timedelta(days=7))}
        await world.assign(customer, license["id"], "later@x.example", **days)
        pages = [(await client.get(f"/api/v1/licenses/{license['id']}/seats", params={"limit": 1})).json()]
        cursor = pages[0]["next_cursor"]
        pages.append((await client.get(f"/api/v1/licenses/{license['id']}/seats", params={"cursor": cursor})).json())

    (first,), (second,) = (page["items"] for page in pages)
    assert first["holder"]["email"] == customer.buyer_email
    assert first["status"] == "held"
    assert second["status"] == "scheduled"
    assert [a["email"] for a in second["upcoming"]] == ["later@x.example"]
    assert [a["email"] for a in second["past"]] == ["jane@x.example"]
    assert pages[1]["next_cursor"] is None


async def test_history_tells_who_did_what(world: World) -> None:
    customer, license, assignment = await _one(world)
    async with world.manager(customer) as client:
        await client.post(f"/api/v1/assignments/{assignment['id']}/deactivate")
        mine = (await client.get(f"/api/v1/assignments/{assignment['id']}/history")).json()["items"]
        whole = await client.get(f"/api/v1/licenses/{license['id']}/history", headers={"Accept": "text/csv"})

    assert [entry["action"] for entry in mine] == ["assignment.deactivated", "assignment.created"]
    assert all(entry["actor"].startswith("user:acc_") for entry in mine)
    lines = whole.text.splitlines()
    assert lines[0] == "at,action,actor,by,license_id,assignment_id,details"
    assert [line.split(",")[1] for line in lines[1:]] == [
        "license.granted",
        "assignment.created",
        "assignment.created",
        "assignment.deactivated",
    ]
    last = next(csv.reader([lines[-1]]))
    assert last[0].endswith("Z")
    assert json.loads(last[-1]) == {"email": "jane@x.example"}


async def test_history_names_people_once_identity_has_told_of_them(world: World) -> None:
    customer, _license, assignment = await _one(world)
    path = f"/api/v1/assignments/{assignment['id']}/history"
    async with world.manager(customer) as client:
        (entry,) = (await client.get(path)).json()["items"]
        account = entry["actor"].removeprefix("user:")
        assert entry["by"] is None
        told = {"account_id": account, "email": "paula@x.example"}
        await world.service.deliver("identity.account.activated.v1", told, subject=account)

        async def is_named() -> bool:
            return (await client.get(path)).json()["items"][0]["by"] == "paula@x.example"

        await eventually(is_named)
