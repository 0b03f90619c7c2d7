"""“New user”: one or many addresses, each with its own answer."""

from datetime import timedelta
from typing import Any

import pytest

from tests.licensing.world import Customer, World


async def test_a_colleague_gets_a_seat_and_access_at_once(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)

    (result,) = await world.assign(customer, license["id"], "Jane Doe <Jane@Muster.example>")

    assert result["result"] == "assigned"
    assert result["email"] == "jane@muster.example"
    assert result["assignment"]["first_day"] == str(world.today(customer))
    assert result["assignment"]["last_day"] is None
    assert result["assignment"]["status"] == "active"
    assert (await world.check(customer, "jane@muster.example"))["allowed"]


async def test_each_address_has_its_own_answer_in_the_order_of_the_input(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=4)

    results = await world.assign(
        customer, license["id"], "a@x.example, nobody; b@x.example\nA@x.example\tc@x.example, d@x.example"
    )

    assert [result["code"] for result in results] == [
        None,
        "invalid_email",
        None,
        "duplicate_in_input",
        None,
        "no_free_seat",
    ]
    assert [result["input"] for result in results][1] == "nobody"
    assert all(result["detail"] for result in results if result["code"])


async def test_a_dry_run_answers_the_same_and_changes_nothing(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    await world.service.work()
    before = len(await world.service.envelopes())

    results = await world.assign(customer, license["id"], ["a@x.example", "b@x.example"], dry_run=True)

    assert [result["code"] for result in results] == [None, "no_free_seat"]
    assert [result["assignment"] for result in results] == [None, None]
    assert await world.reason(customer, "a@x.example") == "not_assigned"
    await world.service.work()
    assert len(await world.service.envelopes()) == before


async def test_an_address_never_holds_two_seats_of_a_product_on_a_day(world: World) -> None:
    customer = Customer()
    today = world.today(customer)
    _, first = await world.start(customer, quantity=3)
    _, second = await world.start(customer, quantity=3)
    await world.assign(customer, first["id"], "a@x.example", last_day=str(today + timedelta(days=9)))

    overlapping = await world.assign(customer, second["id"], "a@x.example", first_day=str(today + timedelta(days=9)))
    following = await world.assign(customer, second["id"], "a@x.example", first_day=str(today + timedelta(days=10)))

    assert overlapping[0]["code"] == "already_assigned"
    assert following[0]["code"] is None


async def test_days_must_lie_in_the_term_and_not_in_the_past(world: World) -> None:
    customer = Customer()
    today = world.today(customer)
    _, license = await world.start(
        customer, quantity=5, first_day=today - timedelta(days=30), last_day=today + timedelta(days=30)
    )

    async def code(**days: object) -> str | None:
        sent = {name: str(day) for name, day in days.items()}
        return (await world.assign(customer, license["id"], "z@x.example", dry_run=True, **sent))[0]["code"]

    assert await code(first_day=today - timedelta(days=1)) == "period_in_past"
    assert await code(last_day=today - timedelta(days=1)) == "period_in_past"
    assert await code(first_day=today + timedelta(days=31)) == "outside_license_term"
    assert await code(last_day=today + timedelta(days=31)) == "outside_license_term"
    assert await code(first_day=today + timedelta(days=30), last_day=today + timedelta(days=30)) is None
    assert await code(first_day=today, last_day=today) is None


async def test_an_end_before_the_start_is_invalid(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    async with world.manager(customer) as client:
        answer = await client.post(
            f"/api/v1/licenses/{license['id']}/assignments",
            json={"emails": "a@x.example", "first_day": "2027-03-02", "last_day": "2027-03-01"},
        )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/last_day"


async def test_two_thousand_addresses_are_the_limit(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    async with world.manager(customer) as client:
        path = f"/api/v1/licenses/{license['id']}/assignments"
        at_limit = await client.post(path, json={"emails": [f"u{n}@x.example" for n in range(2000)]})
        above = await client.post(path, json={"emails": [f"u{n}@x.example" for n in range(2001)]})
        none = await client.post(path, json={"emails": " , ;\n"})

    assert at_limit.json()["assigned"] == 1
    assert above.status_code == 422
    assert none.status_code == 422


async def test_a_table_brings_days_of_its_own_for_each_row(world: World) -> None:
    customer = Customer()
    today = world.today(customer)
    _, license = await world.start(customer, quantity=3)
    table = (
        "Email;First_day;Last_day\r\n"
        f"a@x.example;{today};{today + timedelta(days=4)}\r\n"
        f"b@x.example;{today + timedelta(days=2)};\r\n"
        f"c@x.example;{today + timedelta(days=5)};{today + timedelta(days=4)}\r\n"
        "\r\n"
    )
    async with world.manager(customer) as client:
        answer = await client.post(
            f"/api/v1/licenses/{license['id']}/assignments/import", files={"file": ("seats.csv", table, "text/csv")}
        )

    first, second, third = answer.json()["items"]
    assert first["assignment"]["last_day"] == str(today + timedelta(days=4))
    assert second["assignment"]["status"] == "scheduled"
    assert third["code"] == "outside_license_term"
    assert "last not before the first" in third["detail"]


async def test_a_table_that_cannot_be_used_is_refused_as_a_whole(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=3)
    turned = {"first_day": "2027-02-02", "last_day": "2027-02-01"}
    async with world.manager(customer) as client:

        async def pointer(table: bytes, **days: str) -> str:
            answer = await client.post(
                f"/api/v1/licenses/{license['id']}/assignments/import",
                files={"file": ("seats.csv", table, "text/csv")},
                data=days,
            )
            assert answer.status_code == 422, answer.text
            return str(answer.json()["errors"][0]["pointer"])

        assert await pointer(b"") == "/file"
        assert await pointer(b'"' + b"a" * 200_000) == "/file"
        assert await pointer(b"name\nJane\n") == "/file"
        assert await pointer(b"a@x.example", **turned) == "/last_day"


async def test_an_address_is_the_same_however_it_is_written(world: World) -> None:
    """Composed and decomposed accents, and a domain in letters or in ASCII, are one person's."""
    customer = Customer()
    _, license = await world.start(customer, quantity=9)
    spellings = ["zo\u00e9@m\u00fcller.example", "zoe\u0301@mu\u0308ller.example", "ZO\u00c9@xn--mller-kva.example"]

    results = await world.assign(customer, license["id"], spellings)

    assert [result["code"] for result in results] == [None, "duplicate_in_input", "duplicate_in_input"]
    async with world.manager(customer) as client:
        for path in (f"/api/v1/licenses/{license['id']}/assignments", "/api/v1/assignments"):
            for spelling in spellings:
                found = (await client.get(path, params={"email": spelling})).json()["items"]
                assert [item["id"] for item in found] == [results[0]["assignment"]["id"]], (path, spelling)
        for part in ("m\u00dcLLER", "\u00e9@m\u00fcller.example", "zoe\u0301", "xn--mller"):
            path = f"/api/v1/licenses/{license['id']}/assignments"
            assert (await client.get(path, params={"search": part})).json()["total"] == 1, part
    for spelling in spellings:
        assert (await world.check(customer, spelling))["allowed"], spelling


async def test_somebody_whose_days_have_not_begun_makes_room_on_another_seat(world: World) -> None:
    """Never more than two people on a day fit two seats, whatever the order they came in."""
    customer = Customer()
    today = world.today(customer)
    _, license = await world.start(customer, quantity=3)

    async def assign(email: str, first: int, last: int) -> dict[str, Any]:
        days = {"first_day": str(today + timedelta(days=first)), "last_day": str(today + timedelta(days=last))}
        return (await world.assign(customer, license["id"], email, **days))[0]

    seats = [
        (await assign(*days))["assignment"]["seat"] for days in [("a@x.eu", 1, 3), ("b@x.eu", 3, 5), ("c@x.eu", 6, 8)]
    ]
    assert seats == [2, 3, 2], "so that no single seat is free from day 4 to day 8"

    newcomer = await assign("d@x.eu", 4, 8)
    too_many = await assign("e@x.eu", 5, 5)

    assert newcomer["code"] is None
    assert too_many["code"] == "no_free_seat"
    async with world.manager(customer) as client:
        shown = (await client.get(f"/api/v1/licenses/{license['id']}/assignments")).json()["items"]
    assert {a["email"]: a["seat"] for a in shown if a["email"] != customer.buyer_email} == {
        "a@x.eu": 2,
        "b@x.eu": 3,
        "c@x.eu": 3,
        "d@x.eu": 2,
    }


async def test_nobody_is_assigned_a_seat_of_a_license_that_has_ended(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=3)
    await world.change("ended", subscription, status="ended", ended_reason="cancelled")

    (result,) = await world.assign(customer, license["id"], "a@x.example")

    assert result["code"] == "license_not_active"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"emails": None}, ["/emails"]),
        ({"emails": {}}, ["/emails"]),
        ({"emails": ["a@x.eu", 1]}, ["/emails/1"]),
        ({}, ["/emails"]),
        ({"emails": "a@x.eu", "first": "2027-01-01"}, ["/first"]),
    ],
)
async def test_what_is_wrong_is_pointed_at(world: World, body: dict[str, Any], pointers: list[str]) -> None:
    customer = Customer()
    async with world.manager(customer) as client:
        answer = await client.post("/api/v1/licenses/lic_x/assignments", json=body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
