"""What a transfer brings, and what rolling it back takes away."""

from datetime import timedelta
from typing import Any

from chassis.kernel.ids import new_id
from tests.licensing.world import Customer, Subscription, World


def _transfer(customer: Customer, transfer_id: str, **more: Any) -> dict[str, Any]:
    return {
        "transfer_id": transfer_id,
        "wave_id": "wav_1",
        "organization": customer.organization,
        "legacy_customer_id": "4711",
        "buyer": customer.buyer,
        "transfer_on": "2027-02-19",
        "revision": 1,
    } | more


def _one_off(world: World, **more: Any) -> dict[str, Any]:
    today = world.today()
    return {
        "legacy_id": new_id("leg"),
        "product_code": "repair-data",
        "quantity": 1,
        "first_day": str(today - timedelta(days=100)),
        "last_day": None,
        "units_total": None,
        "units_used": None,
        "applications": ["repair"],
    } | more


async def _tell(world: World, name: str, data: dict[str, Any], **options: Any) -> None:
    await world.service.deliver(f"shop.transfer.{name}.v1", data, subject=data["transfer_id"], **options)


async def _moved(world: World, customer: Customer, transfer_id: str, quantity: int = 3) -> Subscription:
    today = world.today(customer)
    subscription = Subscription(
        customer,
        today - timedelta(days=200),
        today + timedelta(days=164),
        quantity=quantity,
        origin="transferred",
        transfer_id=transfer_id,
    )
    await world.tell("transferred", subscription)
    return subscription


async def test_before_the_day_the_answer_is_that_the_transfer_is_pending(world: World) -> None:
    customer = Customer()
    await world.start(Customer())
    await _tell(world, "announced", _transfer(customer, new_id("trf")))

    assert await world.reason(customer, customer.buyer_email) == "transfer_pending"
    assert await world.reason(customer, "jane@x.example") == "not_assigned"
    assert await world.reason(customer, "jane@x.example", "no-such-product") == "unknown_product"


async def test_a_transferred_subscription_brings_a_license_and_the_buyers_seat(world: World) -> None:
    customer, transfer_id = Customer(), new_id("trf")

    subscription = await _moved(world, customer, transfer_id)

    license = await world.license_of(subscription)
    assert license["origin"] == "transferred"
    assert (license["quantity"], license["assigned"], license["free"]) == (3, 1, 2)
    assert await world.reason(customer, customer.buyer_email) == "assigned"


async def test_one_off_licenses_go_on_for_the_buyer_until_they_expire(world: World) -> None:
    customer, transfer_id = Customer(), new_id("trf")
    last_day = world.today(customer) + timedelta(days=10)
    one_off = _one_off(world, last_day=str(last_day))

    await _tell(world, "transferred", _transfer(customer, transfer_id, one_offs=[one_off]))

    answer = await world.check(customer, customer.buyer_email, "repair-data")
    assert (answer["allowed"], answer["reason"]) == (True, "one_off")
    assert await world.reason(customer, "jane@x.example", "repair-data") == "not_assigned"
    world.clock.advance(timedelta(days=11))
    assert await world.reason(customer, customer.buyer_email, "repair-data") == "license_ended"


async def test_a_one_off_license_has_no_seats_to_give_away(world: World) -> None:
    customer = Customer()
    await _tell(world, "transferred", _transfer(customer, new_id("trf"), one_offs=[_one_off(world)]))
    async with world.manager(customer) as client:
        (license,) = (await client.get("/api/v1/licenses", params={"origin": "one_off"})).json()["items"]
        answer = await client.post(f"/api/v1/licenses/{license['id']}/assignments", json={"emails": "a@x.example"})

    assert license["term"]["last_day"] is None
    assert (license["assigned"], license["free"]) == (1, 0)
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/problems/license-not-assignable")


async def test_the_same_news_twice_or_late_grant_nothing_twice(world: World) -> None:
    customer, transfer_id = Customer(), new_id("trf")
    data = _transfer(customer, transfer_id, one_offs=[_one_off(world)])

    await _tell(world, "transferred", data, sequence=3)
    await _tell(world, "transferred", data, sequence=3)
    await _tell(world, "announced", _transfer(customer, transfer_id), sequence=1)

    async with world.manager(customer) as client:
        assert len((await client.get("/api/v1/licenses")).json()["items"]) == 1
    assert await world.reason(customer, customer.buyer_email, "repair-data") == "one_off"


async def test_a_rolled_back_transfer_takes_everything_back(world: World) -> None:
    customer, transfer_id = Customer(), new_id("trf")
    subscription = await _moved(world, customer, transfer_id)
    await _tell(world, "transferred", _transfer(customer, transfer_id, one_offs=[_one_off(world)]))

    world.clock.advance(timedelta(hours=1))
    await _tell(world, "rolled_back", _transfer(customer, transfer_id))

    assert (await world.license_of(subscription))["status"] == "ended"
    assert await world.reason(customer, customer.buyer_email) == "transfer_pending"
    assert await world.reason(customer, customer.buyer_email, "repair-data") == "transfer_pending"


async def test_a_grant_that_arrives_after_its_transfer_was_rolled_back_is_void(world: World) -> None:
    customer, transfer_id = Customer(), new_id("trf")
    before = world.now()
    world.clock.advance(timedelta(hours=1))
    await _tell(world, "rolled_back", _transfer(customer, transfer_id))

    world.clock.set(before)
    await _moved(world, customer, transfer_id)

    async with world.manager(customer) as client:
        assert (await client.get("/api/v1/licenses")).json()["items"] == []


async def test_a_second_attempt_grants_everything_again(world: World) -> None:
    customer, transfer_id = Customer(), new_id("trf")
    subscription = await _moved(world, customer, transfer_id)
    data = _transfer(customer, transfer_id, one_offs=[_one_off(world)])
    await _tell(world, "transferred", data)
    world.clock.advance(timedelta(hours=1))
    await _tell(world, "rolled_back", _transfer(customer, transfer_id))

    world.clock.advance(timedelta(days=7))
    await world.tell("transferred", subscription)
    await _tell(world, "transferred", data)

    license = await world.license_of(subscription)
    assert (license["status"], license["assigned"]) == ("active", 1)
    assert await world.reason(customer, customer.buyer_email) == "assigned"
    assert await world.reason(customer, customer.buyer_email, "repair-data") == "one_off"
