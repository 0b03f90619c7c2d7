"""The holders of one license: searched, sorted, counted, page after page."""

from datetime import timedelta
from typing import Any

import pytest

from tests.licensing.world import Customer, World

PEOPLE = ["zoe@a.example", "adam@a.example", "max_1@b.example", "maxx1@b.example", "eva@b.example"]


@pytest.fixture(scope="module")
async def license(world: World) -> dict[str, Any]:
    """Six holders and the buyer: five as long as the license, one from next week on for three days, one deactivated."""
    customer = Customer()
    _, made = await world.start(customer, quantity=9)
    await world.assign(customer, made["id"], PEOPLE)
    week = world.today(customer) + timedelta(days=7)
    days = {"first_day": str(week), "last_day": str(week + timedelta(days=2))}
    await world.assign(customer, made["id"], "later@c.example", **days)
    (gone,) = await world.assign(customer, made["id"], "gone@c.example")
    async with world.manager(customer) as client:
        await client.post(f"/api/v1/assignments/{gone['assignment']['id']}/deactivate")
    return {**made, "customer": customer, "buyer": customer.buyer_email}


async def page(world: World, license: dict[str, Any], **params: Any) -> dict[str, Any]:
    """A page of the license's holders."""
    async with world.manager(license["customer"]) as client:
        answer = await client.get(f"/api/v1/licenses/{license['id']}/assignments", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(answer: dict[str, Any]) -> list[str]:
    """Who is listed, by the part before the @."""
    return [item["email"].partition("@")[0] for item in answer["items"]]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"search": "A.EXAMPLE", "sort": "email"}, ["adam", "zoe"]),
        ({"search": " max_1 ", "sort": "email"}, ["max_1"]),
        ({"search": "%"}, []),
        ({"search": "c.example", "sort": "email"}, ["gone", "later"]),
        ({"when": "past"}, ["gone"]),
        ({"when": "future"}, ["later"]),
        ({"when": "current", "search": "b.example", "sort": "-email"}, ["maxx1", "max_1", "eva"]),
        ({"when": "current_and_future", "search": "c.example"}, ["later"]),
        ({"sort": "first_day", "when": "current_and_future", "search": "c.example"}, ["later"]),
        ({"seat": 2}, ["zoe"]),
        ({"sort": "-seat", "search": "b.example"}, ["eva", "maxx1", "max_1"]),
    ],
)
async def test_the_list_shows_what_was_asked_for(
    world: World, license: dict[str, Any], params: dict[str, Any], expected: list[str]
) -> None:
    answer = await page(world, license, **params)

    assert names(answer) == expected
    assert answer["total"] == len(expected)


async def test_an_open_end_sorts_behind_every_day(world: World, license: dict[str, Any]) -> None:
    upwards = await page(world, license, sort="last_day", when="current_and_future")
    downwards = await page(world, license, sort="-last_day", when="current_and_future")

    assert names(upwards)[0] == names(downwards)[-1] == "later"


@pytest.mark.parametrize(
    "sort", ["email", "-email", "first_day", "-first_day", "last_day", "-last_day", "seat", "-seat"]
)
async def test_pages_follow_one_another_in_every_order(world: World, license: dict[str, Any], sort: str) -> None:
    whole = names(await page(world, license, sort=sort))

    walked: list[str] = []
    cursor = None
    while True:
        answer = await page(world, license, sort=sort, limit=3, **({"cursor": cursor} if cursor else {}))
        walked += names(answer)
        cursor = answer["next_cursor"]
        if cursor is None:
            break

    assert len(whole) == 8
    assert walked == whole
    assert names(await page(world, license, sort=sort, limit=3, skip=3)) == whole[3:6]
    assert names(await page(world, license, sort=sort, skip=99)) == []


async def test_somebody_new_among_those_shown_moves_nobody_on_the_next_page(world: World) -> None:
    customer = Customer()
    _, made = await world.start(customer, quantity=9)
    place = {**made, "customer": customer}
    await world.assign(customer, made["id"], ["b@z.example", "d@z.example", "f@z.example"])
    first = await page(world, place, sort="email", search="@z.", limit=2)

    await world.assign(customer, made["id"], ["a@z.example", "e@z.example"])
    second = await page(world, place, sort="email", search="@z.", limit=2, cursor=first["next_cursor"])

    assert (names(first), names(second), second["total"]) == (["b", "d"], ["e", "f"], 5)


@pytest.mark.parametrize("params", [{"sort": "password"}, {"when": "ever"}, {"seat": "one"}, {"skip": -1}])
async def test_what_cannot_be_asked_is_refused(world: World, license: dict[str, Any], params: dict[str, Any]) -> None:
    async with world.manager(license["customer"]) as client:
        answer = await client.get(f"/api/v1/licenses/{license['id']}/assignments", params=params)

    assert answer.status_code == 422


async def test_a_cursor_of_another_order_is_refused(world: World, license: dict[str, Any]) -> None:
    cursor = (await page(world, license, sort="email", limit=1))["next_cursor"]
    async with world.manager(license["customer"]) as client:
        answer = await client.get(
            f"/api/v1/licenses/{license['id']}/assignments", params={"sort": "first_day", "cursor": cursor}
        )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "invalid_cursor"
