"""More seats now, fewer from the renewal."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer, catch_up


def path_of(subscription: dict[str, object], verb: str) -> str:
    """The verb's path."""
    return f"/api/v1/subscriptions/{subscription['id']}/{verb}"


async def test_more_seats_cost_their_share_of_the_term_and_are_there_at_once(shop: RunningService) -> None:
    shop.clock.set(datetime(2027, 3, 1, 9, 0, tzinfo=UTC))
    customer = await a_customer(shop)
    subscription = await customer.subscribe(quantity=2)
    shop.clock.advance(timedelta(days=73))

    preview = (await customer.buyer.post(path_of(subscription, "preview-change"), json={"quantity": 5})).json()
    changed = (await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 5})).json()

    # 366 days from 2027-03-01 to 2028-02-29, 293 of them left: 3 x 120.00 x 293 / 366
    assert preview["charge_now"]["net"]["amount"] == 28_820
    assert preview["renewal"]["net"]["amount"] == 60_000
    assert changed["quantity"] == 5
    (order,) = await customer.orders(kind="quantity_change")
    assert order["status"] == "paid"
    assert order["net"]["amount"] == 28_820
    assert order["total"] == preview["charge_now"]["total"]
    facts = await shop.published("shop.subscription.quantity_changed.v1")
    (fact,) = [each for each in facts if each["subscription"]["id"] == subscription["id"]]
    assert fact["previous"] == {"quantity": 2}
    assert fact["subscription"]["quantity"] == 5


async def test_fewer_seats_count_from_the_renewal_and_name_what_is_given_up(
    shop: RunningService, customer: Customer
) -> None:
    subscription = await customer.subscribe(interval="month", quantity=4)
    body = {"quantity": 2, "release": ["asg_1", "asg_2"]}

    planned = (await customer.buyer.post(path_of(subscription, "change-quantity"), json=body)).json()
    shop.clock.advance(timedelta(days=32))
    await catch_up(shop)

    assert (planned["quantity"], planned["pending_quantity"]) == (4, 2)
    renewed = await customer.subscription(subscription["id"])
    assert (renewed["quantity"], renewed["pending_quantity"]) == (2, None)
    (order,) = await customer.orders(kind="renewal")
    assert order["net"]["amount"] == 2_000
    facts = await shop.published("shop.subscription.renewed.v1")
    (fact,) = [each for each in facts if each["subscription"]["id"] == subscription["id"]]
    assert fact["release"] == ["asg_1", "asg_2"]
    assert fact["previous"]["quantity"] == 4


async def test_the_present_quantity_withdraws_a_smaller_one(customer: Customer) -> None:
    subscription = await customer.subscribe(quantity=4)
    await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 2})

    kept = (await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 4})).json()

    assert kept["pending_quantity"] is None


async def test_a_declined_increase_changes_nothing(customer: Customer) -> None:
    subscription = await customer.subscribe(quantity=1)
    bad = await customer.card("tok_declined")
    await customer.buyer.post(path_of(subscription, "change-payment-method"), json={"payment_method_id": bad})

    answer = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 9})

    assert answer.status_code == 402
    assert (await customer.subscription(subscription["id"]))["quantity"] == 1


async def test_of_parallel_increases_each_seat_is_paid_once(customer: Customer) -> None:
    subscription = await customer.subscribe(quantity=1)

    answers = await asyncio.gather(
        *[customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 3}) for _ in range(5)]
    )

    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len(await customer.orders(kind="quantity_change", status="paid")) == 1
    assert (await customer.subscription(subscription["id"]))["quantity"] == 3


async def test_impossible_quantities_are_refused(customer: Customer) -> None:
    subscription = await customer.subscribe()

    for quantity in (0, -1, 10**9, "3", 2.5):
        answer = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": quantity})
        assert answer.status_code == 422, quantity


async def test_another_organizations_subscription_does_not_exist(shop: RunningService, customer: Customer) -> None:
    subscription = await customer.subscribe()
    stranger = await a_customer(shop)
    card = await stranger.card()
    bodies = {
        "cancel": None,
        "resume": None,
        "preview-change": {"quantity": 2},
        "change-quantity": {"quantity": 2},
        "change-payment-method": {"payment_method_id": card},
    }

    for verb, body in bodies.items():
        answer = await stranger.buyer.post(path_of(subscription, verb), json=body)
        assert answer.status_code == 404, verb
    assert (await stranger.buyer.get(f"/api/v1/subscriptions/{subscription['id']}")).status_code == 404
    assert (await stranger.buyer.get("/api/v1/subscriptions")).json()["items"] == []
    foreign = await customer.buyer.post(
        path_of(subscription, "change-payment-method"), json={"payment_method_id": card}
    )
    assert foreign.status_code == 404


async def test_more_seats_that_the_payer_must_confirm_come_with_the_confirmation(
    shop: RunningService, customer: Customer
) -> None:
    subscription = await customer.subscribe(card=await customer.card())
    card = await customer.card("tok_action_required")
    await customer.buyer.post(path_of(subscription, "change-payment-method"), json={"payment_method_id": card})

    asked = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 2})
    meanwhile = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 3})
    order = (await customer.buyer.get(asked.headers["location"])).json()
    await shop.anonymous().post(f"{order['action_url']}/accept")
    await catch_up(shop)

    assert (asked.status_code, asked.json()["quantity"], meanwhile.status_code) == (202, 1, 409)
    assert (await customer.subscription(subscription["id"]))["quantity"] == 2


async def test_more_seats_that_nobody_confirms_do_not_block_the_subscription_for_ever(
    shop: RunningService, customer: Customer
) -> None:
    subscription = await customer.subscribe()
    card = await customer.card("tok_action_required")
    await customer.buyer.post(path_of(subscription, "change-payment-method"), json={"payment_method_id": card})
    await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 2})

    shop.clock.advance(timedelta(hours=26))
    await catch_up(shop)

    again = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 2})
    assert again.status_code == 202
    assert (await customer.subscription(subscription["id"]))["quantity"] == 1
