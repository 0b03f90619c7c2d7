"""A license keeps in step with its subscription, however the news arrive."""

from dataclasses import replace
from datetime import date, timedelta

from tests.harness.eventually import eventually
from tests.licensing.world import Customer, Subscription, World


async def test_renewal_extends_the_term_and_open_ended_assignments_go_on(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=2)
    await world.assign(customer, license["id"], "jane@x.example")
    next_term = {
        "first_day": subscription.last_day + timedelta(days=1),
        "last_day": subscription.last_day + timedelta(days=365),
    }

    await world.change("renewed", subscription, invoice_number="RE-2027-000009", **next_term)

    renewed = await world.license_of(subscription)
    assert renewed["term"] == {name: str(day) for name, day in next_term.items()}
    assert renewed["invoice_number"] == "RE-2027-000009"
    answer = await world.check(customer, "jane@x.example")
    assert answer["allowed"]
    assert date.fromisoformat(answer["valid_until"][:10]) >= next_term["last_day"]


async def test_news_that_come_twice_change_nothing_the_second_time(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=2)
    await world.service.work()
    events = len(await world.service.envelopes())

    for _ in range(2):
        await world.tell("started", subscription, sequence=1)

    assert await world.license_of(subscription) == license
    await world.service.work()
    assert len(await world.service.envelopes()) == events


async def test_whichever_news_come_first_grant_the_license_and_older_ones_change_nothing(world: World) -> None:
    customer = Customer()
    today = world.today(customer)
    started = Subscription(customer, today, today + timedelta(days=30), quantity=2)
    renewed = replace(started, last_day=today + timedelta(days=60), quantity=5)

    await world.tell("quantity_changed", renewed, sequence=3)
    await world.tell("renewed", replace(renewed, quantity=2), sequence=2)
    await world.tell("started", started, sequence=1)

    license = await world.license_of(started)
    assert license["quantity"] == 5
    assert license["term"]["last_day"] == str(renewed.last_day)
    assert license["assigned"] == 1
    granted = await world.service.published("licensing.license.granted.v1")
    assert len([event for event in granted if event["license"]["id"] == license["id"]]) == 1


async def test_more_seats_are_there_at_once(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=1)

    await world.change("quantity_changed", subscription, quantity=3)

    results = await world.assign(customer, license["id"], ["a@x.example", "b@x.example", "c@x.example"])
    assert [result["code"] for result in results] == [None, None, "no_free_seat"]


async def test_free_seats_go_when_the_quantity_shrinks(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=5)
    await world.assign(customer, license["id"], "a@x.example")

    shrunk = await world.change("quantity_changed", subscription, quantity=2)

    license = await world.license_of(shrunk)
    assert (license["quantity"], license["free"], license["over_quantity"]) == (2, 0, 0)
    assert (await world.assign(customer, license["id"], "b@x.example"))[0]["code"] == "no_free_seat"


async def test_a_used_seat_is_never_taken_by_a_smaller_quantity(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=3)
    results = await world.assign(customer, license["id"], ["a@x.example", "b@x.example"])

    shrunk = await world.change("quantity_changed", subscription, quantity=1)

    license = await world.license_of(shrunk)
    assert (license["quantity"], license["assigned"], license["over_quantity"]) == (1, 3, 2)
    for email in ("a@x.example", "b@x.example", customer.buyer_email):
        assert (await world.check(customer, email))["allowed"]
    async with world.manager(customer) as client:
        await client.post(f"/api/v1/assignments/{results[0]['assignment']['id']}/deactivate")
    assert (await world.license_of(shrunk))["over_quantity"] == 1
    assert (await world.assign(customer, license["id"], "c@x.example"))[0]["code"] == "no_free_seat"


async def test_the_buyer_chooses_whom_a_smaller_quantity_costs_a_seat(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=3)
    results = await world.assign(customer, license["id"], ["a@x.example", "b@x.example"])
    given_up = [results[0]["assignment"]["id"]]
    async with world.manager(customer) as client:
        path = f"/api/v1/licenses/{license['id']}/resize-preview"
        refused = await client.post(path, json={"quantity": 2})
        accepted = await client.post(path, json={"quantity": 2, "release": given_up})
        unknown = await client.post(path, json={"quantity": 2, "release": ["asg_unknown"]})

    shrunk = await world.change("quantity_changed", subscription, quantity=2, release=given_up)

    assert refused.status_code == 409
    assert refused.json()["to_release"] == 1
    assert {candidate["email"] for candidate in refused.json()["candidates"]} == {
        customer.buyer_email,
        "a@x.example",
        "b@x.example",
    }
    assert [assignment["email"] for assignment in accepted.json()["release"]] == ["a@x.example"]
    assert unknown.status_code == 422
    assert await world.reason(customer, "a@x.example") == "deactivated"
    assert await world.reason(customer, "b@x.example") == "assigned"
    license = await world.license_of(shrunk)
    assert (license["quantity"], license["assigned"], license["over_quantity"]) == (2, 2, 0)


async def test_a_failed_payment_gives_grace_then_suspends_and_recovery_resumes(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(
        customer, first_day=world.today(customer) - timedelta(days=30), last_day=world.today(customer)
    )
    grace_until = world.today(customer) + timedelta(days=2)

    late = await world.change("past_due", subscription, status="past_due", grace_until=grace_until)
    assert await world.reason(customer, customer.buyer_email) == "grace"
    assert (await world.license_of(late))["status"] == "grace"

    world.clock.advance(timedelta(days=3))
    assert await world.reason(customer, customer.buyer_email) == "license_suspended"
    await world.service.work()
    suspended = await world.service.published("licensing.license.suspended.v1")
    assert [event["license"]["id"] for event in suspended][-1] == license["id"]

    await world.change(
        "recovered", late, status="active", grace_until=None, last_day=world.today(customer) + timedelta(days=30)
    )
    assert await world.reason(customer, customer.buyer_email) == "assigned"
    resumed = await world.service.published("licensing.license.resumed.v1")
    assert [event["license"]["id"] for event in resumed][-1] == license["id"]


async def test_access_goes_on_for_some_days_while_a_renewal_is_being_paid(world: World) -> None:
    customer = Customer()
    today = world.today(customer)
    await world.start(customer, first_day=today - timedelta(days=30), last_day=today)

    world.clock.advance(timedelta(days=1))
    assert await world.reason(customer, customer.buyer_email) == "grace"
    world.clock.advance(timedelta(days=7))
    assert await world.reason(customer, customer.buyer_email) == "license_suspended"


async def test_a_cancelled_subscription_ends_with_its_term_on_the_day(world: World) -> None:
    customer = Customer()
    today = world.today(customer)
    subscription, license = await world.start(
        customer, first_day=today - timedelta(days=30), last_day=today, quantity=2
    )
    await world.assign(customer, license["id"], "jane@x.example")
    await world.change("cancel_scheduled", subscription, cancel_at_term_end=True)
    assert await world.reason(customer, "jane@x.example") == "assigned"

    world.clock.advance(timedelta(days=1))

    assert await world.reason(customer, "jane@x.example") == "license_ended"
    await world.service.work()
    ended = await world.service.published("licensing.license.ended.v1")
    assert [event["license"]["id"] for event in ended][-1] == license["id"]
    assert await world.reason(customer, "jane@x.example") == "license_ended"


async def test_an_undone_cancellation_lets_open_ends_go_on(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=2)
    cancelled = await world.change("cancel_scheduled", subscription, cancel_at_term_end=True)
    await world.assign(customer, license["id"], "jane@x.example")
    undone = await world.change("cancel_undone", cancelled, cancel_at_term_end=False)

    await world.change(
        "renewed",
        undone,
        first_day=undone.last_day + timedelta(days=1),
        last_day=undone.last_day + timedelta(days=365),
    )

    world.clock.advance(timedelta(days=370))
    assert await world.reason(customer, "jane@x.example") == "assigned"


async def test_an_ended_subscription_ends_access_at_once_and_frees_the_addresses(world: World) -> None:
    customer = Customer()
    subscription, license = await world.start(customer, quantity=2)
    await world.assign(customer, license["id"], "jane@x.example")

    await world.change("ended", subscription, status="ended", ended_reason="unpaid")

    assert await world.reason(customer, "jane@x.example") == "license_ended"
    _, another = await world.start(customer, quantity=2)
    assert (await world.assign(customer, another["id"], "jane@x.example"))[0]["code"] is None
    assert await world.reason(customer, customer.buyer_email) == "assigned"


async def test_the_new_holder_of_a_changed_address_keeps_the_seats(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    await world.assign(customer, license["id"], "jane@x.example")

    await world.service.deliver(
        "identity.account.email_changed.v1",
        {"account_id": "acc_1", "email": "jane@new.example", "previous_email": "jane@x.example", "locale": "en"},
        subject="acc_1",
    )

    assert await world.reason(customer, "jane@new.example") == "assigned"
    assert await world.reason(customer, "jane@x.example") == "not_assigned"

    async def both_announced() -> bool:
        events = await world.service.published("licensing.entitlement.changed.v1")
        last = {event["email"]: event["grants"] for event in events}
        return last.get("jane@x.example") == [] and bool(last.get("jane@new.example"))

    await eventually(both_announced)
