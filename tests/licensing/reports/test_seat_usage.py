"""The report on seats, for people and for spreadsheets."""

from datetime import timedelta

import pytest

from licensing.spreadsheets import write
from tests.licensing.world import Customer, World


async def test_waiting_seats_are_counted_license_by_license(world: World) -> None:
    customer = Customer()
    _, first = await world.start(customer, quantity=4)
    await world.start(customer, quantity=2, product_code="data-plus")
    await world.assign(customer, first["id"], "a@x.example")
    later = str(world.today(customer) + timedelta(days=3))
    await world.assign(customer, first["id"], "b@x.example", first_day=later)
    async with world.manager(customer) as client:
        report = (await client.get("/api/v1/reports/seat-usage")).json()
        one = (await client.get("/api/v1/reports/seat-usage", params={"product": "data-plus"})).json()

    (cad, data) = report["items"]
    assert (cad["quantity"], cad["assigned"], cad["in_use_today"], cad["scheduled"], cad["waiting"]) == (4, 3, 2, 1, 1)
    assert (data["quantity"], data["assigned"], data["waiting"]) == (2, 1, 1)
    assert report["totals"] == {"licenses": 2, "quantity": 6, "assigned": 4, "waiting": 2}
    assert [item["product"] for item in one["items"]] == ["data-plus"]


async def test_the_report_is_a_table_when_asked_for(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=2, number="=1+1")
    async with world.manager(customer) as client:
        answer = await client.get("/api/v1/reports/seat-usage", headers={"Accept": "text/csv"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "seat-usage.csv" in answer.headers["content-disposition"]
    header, row = answer.text.splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert cells["license_id"] == license["id"]
    assert cells["waiting"] == "1"
    assert cells["subscription_number"] == "'=1+1", "a spreadsheet must not run it as a formula"
    assert subscription.number == "=1+1"


async def test_the_report_is_a_list_in_pages_with_the_sums_of_all(world: World) -> None:
    customer = Customer()
    for number in range(5):
        await world.start(customer, quantity=2, product_code=f"product-{number}")
    path, seen, cursor, pages = "/api/v1/reports/seat-usage", [], None, 0
    async with world.manager(customer) as client:
        while pages == 0 or cursor:
            page = (await client.get(path, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
            assert page["totals"] == {"licenses": 5, "quantity": 10, "assigned": 5, "waiting": 5}
            seen += [item["product"] for item in page["items"]]
            cursor, pages = page["next_cursor"], pages + 1
        foreign = await client.get(path, params={"cursor": "nonsense"})

    assert pages == 3
    assert seen == [f"product-{number}" for number in range(5)]
    assert foreign.status_code == 422


async def test_tables_are_whole_however_many_pages_they_are_read_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "ROWS_AT_ONCE", 2)
    customer, table = Customer(), {"Accept": "text/csv"}
    _, license = await world.start(customer, quantity=6)
    await world.assign(customer, license["id"], [f"c{number}@x.example" for number in range(5)])
    for number in range(4):
        await world.start(customer, product_code=f"product-{number}")

    async with world.manager(customer) as client:
        usage = await client.get("/api/v1/reports/seat-usage", headers=table)
        history = await client.get(f"/api/v1/licenses/{license['id']}/history", headers=table)
        listed = (await client.get(f"/api/v1/licenses/{license['id']}/history", params={"limit": 200})).json()["items"]

    products = [line.split(",")[2] for line in usage.text.splitlines()[1:]]
    assert products == ["cad-pro", *[f"product-{number}" for number in range(4)]]
    actions = [line.split(",")[1] for line in history.text.splitlines()[1:]]
    assert actions == [entry["action"] for entry in reversed(listed)]
    assert len(actions) >= 7
