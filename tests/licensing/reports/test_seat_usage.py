"""The report on seats, for people and for spreadsheets."""

from datetime import timedelta

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
