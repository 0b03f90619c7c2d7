"""The shop with Stripe behind it: buying, renewing, a broken line, the payer's confirmation, refunds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.harness.stripe_double import StripeDouble, signed
from tests.harness.tokens import ISSUER
from tests.shop.builders import Customer, a_customer, catch_up


async def due(shop: RunningService, customer: Customer, token: str) -> dict[str, Any]:
    """A monthly subscription on the morning of its first renewal, to be paid with another method."""
    subscription = await customer.subscribe(interval="month", card=await customer.card("pm_card_visa"))
    other = await customer.card(token)
    await customer.buyer.post(
        f"/api/v1/subscriptions/{subscription['id']}/change-payment-method", json={"payment_method_id": other}
    )
    return subscription


def morning_of(subscription: dict[str, Any]) -> datetime:
    """When the renewal is due."""
    return datetime.fromisoformat(subscription["next_renewal_on"]).replace(hour=6, tzinfo=UTC)


async def renewal_of(customer: Customer) -> dict[str, Any]:
    """The only renewal order."""
    (order,) = await customer.orders(kind="renewal")
    return order


async def test_a_renewal_whose_answer_is_lost_collects_exactly_once(
    stripe_shop: RunningService, stripe: StripeDouble
) -> None:
    customer = await a_customer(stripe_shop)
    subscription = await due(stripe_shop, customer, "pm_card_visa")
    stripe.fail_next("lost")

    stripe_shop.clock.set(morning_of(subscription))
    await catch_up(stripe_shop)
    lost = await renewal_of(customer)
    stripe_shop.clock.advance(timedelta(minutes=6))
    await catch_up(stripe_shop)

    assert lost["status"] == "placed"
    order = await renewal_of(customer)
    assert order["status"] == "paid"
    intents = [intent for attempt in range(1, 6) for intent in stripe.intents(f"{order['id']}:{attempt}")]
    assert [(intent["status"], intent["amount"]) for intent in intents] == [("succeeded", order["total"]["amount"])]
    renewed = await customer.subscription(subscription["id"])
    assert renewed["status"] == "active"
    assert renewed["term"]["first_day"] == subscription["next_renewal_on"]


async def test_a_renewal_that_stripe_never_heard_of_is_asked_for_again(
    stripe_shop: RunningService, stripe: StripeDouble
) -> None:
    customer = await a_customer(stripe_shop)
    subscription = await due(stripe_shop, customer, "pm_card_visa")
    stripe.fail_next("unheard")

    stripe_shop.clock.set(morning_of(subscription))
    await catch_up(stripe_shop)
    stripe_shop.clock.advance(timedelta(minutes=6))
    await catch_up(stripe_shop)

    order = await renewal_of(customer)
    assert order["status"] == "paid"
    assert len(stripe.intents(f"{order['id']}:1")) == 1


async def test_a_renewal_by_direct_debit_is_renewed_when_the_debit_has_settled(
    stripe_shop: RunningService, stripe: StripeDouble
) -> None:
    customer = await a_customer(stripe_shop)
    subscription = await due(stripe_shop, customer, "pm_sepa_debit")

    stripe_shop.clock.set(morning_of(subscription))
    await catch_up(stripe_shop)
    waiting = await customer.subscription(subscription["id"])
    (intent,) = stripe.intents(f"{(await renewal_of(customer))['id']}:1")
    stripe_shop.clock.advance(timedelta(days=4))
    body = stripe.event("payment_intent.succeeded", stripe.state.settle(intent["id"]))
    async with stripe_shop.anonymous() as caller:
        await caller.post("/api/v1/payment-callbacks/stripe", content=body, headers=signed(body))
    await catch_up(stripe_shop)

    assert waiting["status"] == "active"
    renewed = await customer.subscription(subscription["id"])
    assert renewed["term"]["first_day"] == subscription["next_renewal_on"]
    assert (await renewal_of(customer))["status"] == "paid"
    failures = await stripe_shop.published("shop.payment.failed.v1")
    assert [fact for fact in failures if fact["subscription_id"] == subscription["id"]] == []


async def test_a_renewal_that_wants_the_payer_tells_once_where_to_confirm(
    stripe_shop: RunningService, stripe: StripeDouble
) -> None:
    customer = await a_customer(stripe_shop)
    subscription = await due(stripe_shop, customer, "pm_card_authenticationRequired")
    stripe_shop.clock.set(morning_of(subscription))
    await catch_up(stripe_shop)
    (intent,) = stripe.intents(f"{(await renewal_of(customer))['id']}:1")

    told = [
        fact
        for fact in await stripe_shop.published("shop.payment.action_required.v1")
        if fact["subscription_id"] == subscription["id"]
    ]
    body = stripe.event("payment_intent.succeeded", stripe.state.authenticate(intent["id"], accept=True))
    async with stripe_shop.anonymous() as caller:
        await caller.post("/api/v1/payment-callbacks/stripe", content=body, headers=signed(body))
    await catch_up(stripe_shop)

    assert [fact["action_url"] for fact in told] == [f"{stripe.url}/authenticate/{intent['id']}"]
    assert (await renewal_of(customer))["status"] == "paid"
    assert (await customer.subscription(subscription["id"]))["status"] == "active"


async def test_a_declined_purchase_buys_nothing(stripe_shop: RunningService) -> None:
    customer = await a_customer(stripe_shop)

    answer = await customer.order(card=await customer.card("pm_card_visa_chargeDeclinedInsufficientFunds"))

    assert answer.status_code == 402
    assert answer.json()["failure_code"] == "insufficient_funds"
    assert (await customer.buyer.get("/api/v1/subscriptions")).json()["items"] == []


async def test_a_method_is_entered_in_stripes_form(stripe_shop: RunningService, stripe: StripeDouble) -> None:
    customer = await a_customer(stripe_shop)
    begun = await customer.buyer.post("/api/v1/payment-methods/setups", json={"kind": "sepa_debit"})
    setup = begun.json()
    state = stripe.state
    state.set_up(state.get(setup["token"], "setup_intent"), state.get("pm_sepa_debit", "payment_method"))

    answer = await customer.buyer.post("/api/v1/payment-methods", json={"token": setup["token"]})

    assert (begun.status_code, setup["provider"], setup["publishable_key"]) == (201, "stripe", "pk_test_double")
    assert setup["client_secret"].startswith(setup["token"])
    assert answer.status_code == 201
    assert (answer.json()["kind"], answer.json()["last4"]) == ("sepa_debit", "3000")
    assert answer.json()["mandate"]["reference"].startswith("REF")


async def test_a_method_is_entered_on_stripes_page_which_comes_back_here_only(stripe_shop: RunningService) -> None:
    customer = await a_customer(stripe_shop)
    path = "/api/v1/payment-methods/setups"

    begun = await customer.buyer.post(path, json={"return_url": f"{ISSUER}/account/payment-methods"})
    foreign = await customer.buyer.post(path, json={"return_url": f"{ISSUER}.evil.example/"})

    assert begun.status_code == 201
    assert begun.json()["url"] == f"https://checkout.example/c/{begun.json()['token']}"
    assert foreign.status_code == 422
    assert foreign.json()["errors"][0]["pointer"] == "/return_url"


async def test_a_setup_needs_the_right_to_pay(stripe_shop: RunningService) -> None:
    customer = await a_customer(stripe_shop)
    path = "/api/v1/payment-methods/setups"
    reader = stripe_shop.client(scopes="orders:read", org=customer.id)

    assert (await stripe_shop.anonymous().post(path, json={})).status_code == 401
    assert (await reader.post(path, json={})).status_code == 403


async def test_a_removed_method_is_forgotten_by_stripe(stripe_shop: RunningService, stripe: StripeDouble) -> None:
    customer = await a_customer(stripe_shop)
    method_id = await customer.card("pm_card_visa")

    answer = await customer.buyer.delete(f"/api/v1/payment-methods/{method_id}")

    assert answer.status_code == 204
    assert any(path.endswith("/detach") for _, path, _ in stripe.requests)


async def test_an_order_is_refunded_once_however_often_it_is_asked_for(
    stripe_shop: RunningService, stripe: StripeDouble
) -> None:
    customer = await a_customer(stripe_shop)
    order = (await customer.order(card=await customer.card("pm_card_visa"))).json()
    operator = stripe_shop.operator()
    stripe.fail_next("lost", "refunds")

    unheard = await operator.post(f"/api/v1/orders/{order['id']}/refund")
    heard = await operator.post(f"/api/v1/orders/{order['id']}/refund")

    assert (unheard.status_code, heard.status_code) == (503, 200)
    (intent,) = stripe.intents(f"{order['id']}:1")
    assert stripe.state.refunded(intent["id"]) == order["total"]["amount"]
    await eventually(lambda: _is_refunded(customer))


async def _is_refunded(customer: Customer) -> bool:
    (order,) = await customer.orders()
    return bool(order["status"] == "refunded")
