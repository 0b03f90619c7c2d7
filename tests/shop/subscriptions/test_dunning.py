"""When a renewal cannot be collected: retries after 1, 3, 7 and 14 days, grace, recovery, the end after 28."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text as _text

from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer, catch_up


async def overdue(shop: RunningService, customer: Customer, token: str = "tok_declined") -> dict[str, Any]:
    """A monthly subscription whose first renewal was declined."""
    subscription = await customer.subscribe(interval="month")
    bad = await customer.card(token)
    answer = await customer.buyer.post(
        f"/api/v1/subscriptions/{subscription['id']}/change-payment-method", json={"payment_method_id": bad}
    )
    assert answer.status_code == 200, answer.text
    shop.clock.set(datetime.fromisoformat(subscription["next_renewal_on"]).replace(hour=6, tzinfo=UTC))
    await catch_up(shop)
    return await customer.subscription(subscription["id"])


async def of(shop: RunningService, event_type: str, subscription_id: str) -> list[dict[str, Any]]:
    """The events of one type about one subscription."""
    facts = await shop.published(event_type)
    return [
        fact
        for fact in facts
        if fact.get("subscription_id", (fact.get("subscription") or {}).get("id")) == subscription_id
    ]


async def test_a_declined_renewal_is_retried_on_its_days_and_then_ends(shop: RunningService) -> None:
    customer = await a_customer(shop)
    subscription = await overdue(shop, customer)
    assert subscription["status"] == "past_due"
    due_on = datetime.fromisoformat(subscription["next_renewal_on"]).replace(hour=6, tzinfo=UTC)
    assert subscription["grace_until"] == (due_on + timedelta(days=14)).date().isoformat()

    attempts = []
    for number in range(1, 29):
        shop.clock.set(due_on + timedelta(days=number))
        await catch_up(shop)
        attempts.append(len(await of(shop, "shop.payment.failed.v1", subscription["id"])))

    assert attempts == [2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, *[5] * 15]
    ended = await customer.subscription(subscription["id"])
    assert (ended["status"], ended["ended_reason"]) == ("ended", "unpaid")
    assert len(await of(shop, "shop.subscription.past_due.v1", subscription["id"])) == 1
    (over,) = await of(shop, "shop.subscription.ended.v1", subscription["id"])
    assert over["ended_reason"] == "unpaid"
    (order,) = await customer.orders(kind="renewal")
    assert (order["status"], order["failure_code"]) == ("failed", "card_declined")


async def test_what_was_suspended_comes_back_with_the_payment_until_the_day_it_ends(shop: RunningService) -> None:
    customer = await a_customer(shop)
    subscription = await overdue(shop, customer)
    ends_on = datetime.fromisoformat(subscription["ends_unpaid_on"]).replace(tzinfo=UTC)
    assert ends_on.date() - date.fromisoformat(subscription["grace_until"]) == timedelta(days=14)

    shop.clock.set(ends_on - timedelta(hours=6))
    await catch_up(shop)
    assert (await customer.subscription(subscription["id"]))["status"] == "past_due"
    path = f"/api/v1/subscriptions/{subscription['id']}/change-payment-method"
    await customer.buyer.post(path, json={"payment_method_id": await customer.card("tok_visa")})
    await catch_up(shop)

    recovered = await customer.subscription(subscription["id"])
    assert (recovered["status"], recovered["ends_unpaid_on"]) == ("active", None)
    assert recovered["term"]["first_day"] == subscription["next_renewal_on"]
    assert len(await of(shop, "shop.subscription.recovered.v1", subscription["id"])) == 1


async def test_cards_that_are_tried_in_vain_use_up_no_retry_day(shop: RunningService) -> None:
    """Somebody looking for a card that works must not lose the subscription by it, and the last day counts, too."""
    customer = await a_customer(shop)
    subscription = await overdue(shop, customer)
    path = f"/api/v1/subscriptions/{subscription['id']}/change-payment-method"
    for _ in range(6):
        card = await customer.card("tok_insufficient_funds")
        await customer.buyer.post(path, json={"payment_method_id": card})
        await catch_up(shop)
    tried = await of(shop, "shop.payment.failed.v1", subscription["id"])
    assert [fact["next_retry_on"] for fact in tried] == [tried[0]["next_retry_on"]] * 7

    shop.clock.set(datetime.fromisoformat(subscription["grace_until"]).replace(hour=12, tzinfo=UTC))
    await catch_up(shop)
    await customer.buyer.post(path, json={"payment_method_id": await customer.card("tok_visa")})
    await catch_up(shop)

    assert (await customer.subscription(subscription["id"]))["status"] == "active"


async def test_another_payment_method_pays_the_outstanding_renewal_at_once(shop: RunningService) -> None:
    customer = await a_customer(shop)
    subscription = await overdue(shop, customer)
    good = await customer.card("tok_sepa")

    await customer.buyer.post(
        f"/api/v1/subscriptions/{subscription['id']}/change-payment-method", json={"payment_method_id": good}
    )
    await catch_up(shop)

    recovered = await customer.subscription(subscription["id"])
    assert recovered["status"] == "active"
    assert recovered["grace_until"] is None
    assert recovered["term"]["first_day"] == subscription["next_renewal_on"]
    assert len(await of(shop, "shop.subscription.recovered.v1", subscription["id"])) == 1
    assert len(await of(shop, "shop.subscription.renewed.v1", subscription["id"])) == 1
    (order,) = await customer.orders(kind="renewal")
    assert order["status"] == "paid"


async def test_cancelling_an_unpaid_subscription_stops_the_retries(shop: RunningService) -> None:
    customer = await a_customer(shop)
    subscription = await overdue(shop, customer)

    answer = await customer.buyer.post(f"/api/v1/subscriptions/{subscription['id']}/cancel")
    shop.clock.advance(timedelta(days=20))
    await catch_up(shop)

    assert answer.json()["status"] == "ended"
    assert answer.json()["ended_reason"] == "cancelled"
    assert len(await of(shop, "shop.payment.failed.v1", subscription["id"])) == 1


async def test_a_renewal_that_needs_the_payer_waits_for_them(shop: RunningService) -> None:
    customer = await a_customer(shop)
    subscription = await overdue(shop, customer, "tok_action_required")
    (asked,) = await of(shop, "shop.payment.action_required.v1", subscription["id"])
    assert subscription["status"] == "past_due"

    confirmed = await shop.anonymous().post(f"{asked['action_url']}/accept")
    await catch_up(shop)

    assert confirmed.status_code == 303
    assert (await customer.subscription(subscription["id"]))["status"] == "active"


async def test_a_payer_who_never_confirms_is_asked_again_and_then_it_ends(shop: RunningService) -> None:
    customer = await a_customer(shop)
    subscription = await overdue(shop, customer, "tok_action_required")

    for _ in range(28):
        shop.clock.advance(timedelta(days=1))
        await catch_up(shop)

    asked = await of(shop, "shop.payment.action_required.v1", subscription["id"])
    assert [fact["attempt"] for fact in asked] == [1, 2, 3, 4, 5]
    ended = await customer.subscription(subscription["id"])
    assert (ended["status"], ended["ended_reason"]) == ("ended", "unpaid")


async def test_a_lost_answer_is_asked_for_and_never_charged_twice(shop: RunningService) -> None:
    customer = await a_customer(shop)
    subscription = await overdue(shop, customer, "tok_lost_answer")
    assert subscription["status"] == "active"
    assert subscription["term"]["first_day"] != subscription["next_renewal_on"]

    shop.clock.advance(timedelta(minutes=6))
    await catch_up(shop)

    renewed = await customer.subscription(subscription["id"])
    assert renewed["term"]["first_day"] == subscription["next_renewal_on"]
    assert await charges_of(shop, subscription["id"]) == 1


async def charges_of(shop: RunningService, subscription_id: str) -> int:
    """How many charges the provider remembers for a subscription's renewals."""
    statement = (
        "SELECT count(*) FROM sandbox_charges s JOIN charges c USING (idempotency_key) "
        "JOIN orders o ON o.id = c.order_id WHERE o.subscription_id = :id"
    )
    async with shop.runtime.database.read() as reader:
        return int(await reader.scalar(_text(statement), {"id": subscription_id}))
