"""What a wave brings by the thousand is taken together, and ends as if it had come one by one."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from chassis.bus.reactions import in_runs
from chassis.facts import Envelope
from chassis.kernel.ids import new_id
from tests.harness.batches import Delivery, Said, deliver_together, in_deliveries, reactions_to
from tests.harness.eventually import eventually
from tests.harness.statements import statements_of
from tests.licensing.subscriptions.wave import MOVED, ROLLED_BACK, TRANSFERRED, Wave
from tests.licensing.world import Customer, Subscription, World

HELD_TWICE = text(
    "SELECT 1 FROM assignments a JOIN assignments b ON a.id < b.id AND a.closed_at IS NULL AND b.closed_at IS NULL "
    "AND daterange(a.first_day, a.until_day, '[]') && daterange(b.first_day, b.until_day, '[]') "
    "AND (a.seat_no = b.seat_no OR (a.organization_id, a.product_code, a.email) "
    "= (b.organization_id, b.product_code, b.email))"
)


def by_publisher(batches: Iterable[list[Said]]) -> Iterator[list[Said]]:
    """The deliveries, each publisher's events for themselves, as their consumers get them."""
    for batch in batches:
        for publisher in ("shop", "identity"):
            mine = [one for one in batch if one.type.startswith(publisher)]
            if mine:
                yield mine


def moved(world: World, customer: Customer, **details: Any) -> Said:
    """A subscription that a transfer brings."""
    today = world.today(customer)
    given = {"first_day": today - timedelta(days=200), "last_day": today + timedelta(days=164)}
    given |= {"origin": "transferred", "transfer_id": new_id("trf")} | details
    subscription = Subscription(customer, **given)
    return Said(MOVED, subscription.id, subscription.news())


def taken_over(customer: Customer, *legacy_ids: str) -> Said:
    """A transfer that brings one-off purchases."""
    one_offs = [
        {"legacy_id": legacy_id, "product_code": "repair-data", "first_day": "2026-01-01", "applications": ["repair"]}
        for legacy_id in legacy_ids
    ]
    data = {"transfer_id": new_id("trf"), "organization": customer.organization, "buyer": customer.buyer}
    return Said(TRANSFERRED, data["transfer_id"], data | {"one_offs": one_offs})


async def licenses_of(world: World, customer: Customer) -> list[dict[str, Any]]:
    """All licenses of the customer."""
    async with world.manager(customer) as client:
        return (await client.get("/api/v1/licenses")).json()["items"]


@pytest.fixture
def together(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No delivery of the test has to be taken apart."""
    yield
    assert "events.taken_one_by_one" not in [record.getMessage() for record in caplog.get_records("call")]


def in_the_order_taken(batch: list[Said]) -> list[Said]:
    """A delivery's events in the order in which its reactions take them."""
    once = {one.id: one for one in reversed(batch)}
    first = [one for one in batch if once[one.id] is one]
    heard: list[Any] = [SimpleNamespace(envelope=one) for one in first]
    return [one.envelope for run in in_runs(heard) for many in run.values() for one in many]


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("seed", range(6))
async def test_deliveries_of_many_end_as_one_by_one(world: World, seed: int) -> None:
    alone, together = Wave(world, f"oulia{seed}", seed), Wave(world, f"oulib{seed}", seed)
    for kind in ("news", "second_attempts"):
        for batch in by_publisher(in_deliveries(getattr(alone, kind)(), random.Random(seed))):
            await alone.deliver([one] for one in in_the_order_taken(batch))
        await together.deliver(by_publisher(in_deliveries(getattr(together, kind)(), random.Random(seed))))

    expected = await alone.state()
    assert await together.state() == expected
    assert all(expected.values())
    assert await together.access() == await alone.access()
    async with world.service.runtime.database.read() as reader:
        assert await reader.all(HELD_TWICE) == []


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("seed", range(4))
async def test_the_order_in_which_news_come_does_not_count(world: World, seed: int) -> None:
    one, other = (Wave(world, f"ouli{mark}{seed}", seed, is_plain=True) for mark in "cd")
    said = [wave.news() for wave in (one, other)]
    random.Random(seed + 1).shuffle(said[1])
    for wave, news in zip((one, other), said, strict=True):
        await wave.deliver(by_publisher(in_deliveries(news, random.Random(len(wave.mark) + seed))))

    names = ("organizations", "transfers", "licenses")
    expected = await one.state(*names)
    assert await other.state(*names) == expected
    assert all(expected.values())
    assert await other.access() == await one.access()


@pytest.mark.usefixtures("together")
async def test_a_hundred_customers_cost_hardly_more_statements_than_one(world: World) -> None:
    subscriptions = [moved(world, Customer(), quantity=3) for _ in range(100)]
    with statements_of(world.service) as sent:
        assert set(await deliver_together(world.service, subscriptions)) == {"handled"}
    assert len(sent) <= 16, Counter(sent)

    one_offs = [taken_over(Customer(), "leg_1", "leg_2") for _ in range(100)]
    with statements_of(world.service) as sent:
        assert set(await deliver_together(world.service, one_offs)) == {"handled"}
    assert len(sent) <= 14, Counter(sent)


@pytest.mark.usefixtures("together")
async def test_two_subscriptions_of_a_product_in_one_delivery_give_the_buyer_one_seat(world: World) -> None:
    customer = Customer()
    said = [moved(world, customer, quantity=2) for _ in range(3)]
    said.append(moved(world, customer, product_code="data-plus"))
    await deliver_together(world.service, [moved(world, Customer()), *said, moved(world, Customer())])

    assigned = {license["subscription_id"]: license["assigned"] for license in await licenses_of(world, customer)}
    assert [assigned[one.subject] for one in said] == [1, 0, 0, 1]
    created = await world.service.published("licensing.assignment.created.v1")
    assert len([one for one in created if one["assignment"]["email"] == customer.buyer_email]) == 2


@pytest.mark.usefixtures("together")
async def test_the_first_of_two_subscriptions_that_can_give_the_seat_gives_it(world: World) -> None:
    customer = Customer()
    today = world.today(customer)
    over = moved(world, customer, status="ended", last_day=today - timedelta(days=1))
    said = [over, moved(world, customer), moved(world, customer)]
    await deliver_together(world.service, said)

    assigned = {license["subscription_id"]: license["assigned"] for license in await licenses_of(world, customer)}
    assert [assigned[one.subject] for one in said] == [0, 1, 0]


@pytest.mark.usefixtures("together")
async def test_a_subscription_and_what_became_of_it_come_in_one_delivery(world: World) -> None:
    customer = Customer()
    first, second = moved(world, customer, quantity=2), moved(world, customer, quantity=2)
    more = {name: part | {"quantity": 5} if name == "subscription" else part for name, part in first.data.items()}
    said = [replace(first, data=more, sequence=2, id=new_id("evt")), second, first]
    await deliver_together(world.service, [moved(world, Customer()), *said])

    found = {license["subscription_id"]: license for license in await licenses_of(world, customer)}
    assert [(found[one.subject]["quantity"], found[one.subject]["assigned"]) for one in (first, second)] == [
        (5, 1),
        (2, 0),
    ]


@pytest.mark.usefixtures("together")
async def test_each_event_is_told_on_behalf_of_the_one_that_brought_it(world: World) -> None:
    customers = [Customer(), Customer()]
    said = [moved(world, customer) for customer in customers] + [taken_over(customer, "leg") for customer in customers]
    said = [replace(one, actor=f"user:acc_{number}") for number, one in enumerate(said)]
    await deliver_together(world.service, said)

    for number, one in enumerate(said):
        envelopes = await world.service.envelopes()
        mine = [envelope for envelope in envelopes if envelope["correlationid"] == f"req_{one.id}"]
        assert {envelope["actor"] for envelope in mine} == {f"user:acc_{number}"}
        expected = ["assignment.created", "license.granted"] if one.type == MOVED else ["license.granted"]
        assert [envelope["type"].removeprefix("licensing.").removesuffix(".v1") for envelope in mine] == expected
        assert {envelope["data"]["organization"]["id"] for envelope in mine} == {one.data["organization"]["id"]}
    async with world.service.runtime.database.read() as reader:
        written = await reader.all(
            text("SELECT DISTINCT organization_id, actor FROM history WHERE organization_id = ANY(:mine)"),
            {"mine": [customer.id for customer in customers]},
        )
    assert {(row.organization_id, row.actor) for row in written} == {
        (customer.id, f"user:acc_{number}") for number, customer in enumerate(customers * 2)
    }


@pytest.mark.parametrize("poison", ["no seats", "no term"])
async def test_a_bad_subscription_among_good_ones_stays_alone(world: World, poison: str) -> None:
    customers = [Customer() for _ in range(5)]
    said = [moved(world, customer) for customer in customers]
    bad = said[2].data["subscription"]
    if poison == "no seats":
        bad["quantity"] = 0
    else:
        bad["term"]["last_day"] = str(world.today() - timedelta(days=300))
    before = await jobs_of(world)

    assert await deliver_together(world.service, said) == ["handled", "handled", "retried", "handled", "handled"]

    assert [len(await licenses_of(world, customer)) for customer in customers] == [1, 1, 0, 1, 1]
    assert await jobs_of(world) == before + 1, "the good ones' access is announced at once, not when it is looked for"


async def jobs_of(world: World) -> int:
    """How many announcements were asked for so far."""
    async with world.service.runtime.database.read() as reader:
        return await reader.scalar(text("SELECT count(*) FROM jobs WHERE kind = 'entitlements.announce'"))


@pytest.mark.usefixtures("together")
async def test_a_grant_of_a_transfer_that_was_rolled_back_is_void_among_others(world: World) -> None:
    customers = [Customer() for _ in range(3)]
    said = [moved(world, customer) for customer in customers]
    late = said[1].data
    transfer_id = late["subscription"]["transfer_id"]
    rolled_back = {"transfer_id": transfer_id, "organization": late["organization"], "buyer": late["buyer"]}
    soon = world.now() + timedelta(hours=1)
    await deliver_together(world.service, [Said(ROLLED_BACK, transfer_id, rolled_back, sequence=3, at=soon), *said])

    assert [len(await licenses_of(world, customer)) for customer in customers] == [1, 0, 1]


@pytest.mark.usefixtures("together")
async def test_a_legacy_purchase_that_comes_twice_is_granted_once(world: World) -> None:
    customer, other = Customer(), Customer()
    said = [taken_over(customer, "leg_1", "leg_2", "leg_1"), taken_over(other, "leg_1"), taken_over(customer, "leg_2")]
    await deliver_together(world.service, said)

    assert len(await licenses_of(world, customer)) == 2
    assert len(await licenses_of(world, other)) == 1
    granted = await world.service.published("licensing.license.granted.v1")
    assert Counter(one["organization"]["id"] for one in granted)[customer.id] == 2


@pytest.mark.usefixtures("together")
async def test_days_follow_another_clock_whichever_news_of_the_organization_come_first(world: World) -> None:
    customer = Customer(time_zone="Europe/Berlin")
    await deliver_together(world.service, [moved(world, customer)])
    data = {"organization_id": customer.id, "name": "Muster KK", "country": "JP", "time_zone": "Asia/Tokyo"}
    news = [
        Said("identity.organization.changed.v1", customer.id, data, 3, at=world.now() + timedelta(hours=2)),
        Said(
            "identity.organization.changed.v1",
            customer.id,
            data | {"name": "Muster", "time_zone": "Pacific/Auckland"},
            2,
            at=world.now() + timedelta(hours=1),
        ),
    ]
    await deliver_together(world.service, news)
    await deliver_together(world.service, [moved(world, customer, product_code="data-plus")])

    async with world.service.runtime.database.read() as reader:
        rows = await reader.all(
            text(
                "SELECT access_from AT TIME ZONE 'Asia/Tokyo' AS begins, o.name FROM licenses l "
                "JOIN organizations o ON o.id = l.organization_id WHERE o.id = :id"
            ),
            {"id": customer.id},
        )
    assert {(row.begins.hour, row.name) for row in rows} == {(0, "Muster KK")}
    assert len(rows) == 2


async def test_more_changes_than_one_announcement_tells_are_told_without_waiting(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=1300)
    emails = [f"many{number}@{customer.id.replace('_', '-')}.example" for number in range(1200)]
    await world.assign(customer, license["id"], emails, notify=False)

    async def told() -> bool:
        announced = await world.service.published("licensing.entitlement.changed.v1")
        return set(emails) <= {one["email"] for one in announced}

    before = asyncio.get_running_loop().time()
    await eventually(told)
    assert asyncio.get_running_loop().time() - before < 5


async def test_deliveries_at_once_never_wait_in_a_circle(world: World) -> None:
    customers = [Customer() for _ in range(40)]
    known = [moved(world, customer) for customer in customers]
    await deliver_together(world.service, known)

    def again(order: list[int], sequence: int) -> list[Said]:
        return [replace(known[n], sequence=sequence, id=new_id("evt")) for n in order]

    def further(order: list[int]) -> list[Said]:
        return [moved(world, customers[n], product_code="data-plus") for n in order]

    def one_offs(order: list[int]) -> list[Said]:
        return [taken_over(customers[n], "leg") for n in order]

    async def react(said: list[Said]) -> None:
        reactions = reactions_to(world.service, "shop")
        envelopes = [Envelope.model_validate_json(Delivery(world.service, one).data) for one in said]
        async with world.service.runtime.database.transaction() as tx:
            for run in in_runs([reactions.by_type[envelope.type].read(envelope) for envelope in envelopes]):
                for event_type, heard in run.items():
                    await reactions.by_type[event_type].handle(tx, heard)

    forth, back = list(range(40)), list(range(40))[::-1]
    await asyncio.gather(*[react(said) for said in (again(forth, 2), again(back, 3), again(forth, 4), further(back))])
    await asyncio.gather(*[react(said) for said in (further(forth), one_offs(back), again(back, 5))])

    for customer in customers:
        licenses = await licenses_of(world, customer)
        held = Counter((one["product"], one["assigned"]) for one in licenses)
        assert held == {("cad-pro", 1): 1, ("data-plus", 1): 1, ("data-plus", 0): 1, ("repair-data", 1): 1}
