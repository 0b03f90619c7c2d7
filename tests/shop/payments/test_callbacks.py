"""Stripe calls back: signed calls only, each once, and never believed without asking."""

import time
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.harness.stripe_double import StripeDouble, signed
from tests.shop.builders import Customer, a_customer

PATH = "/api/v1/payment-callbacks/stripe"
ASK_AT = text("SELECT ask_at FROM charges WHERE idempotency_key = :key")


async def call_back(shop: RunningService, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    """What arrives from Stripe, without any token."""
    async with shop.anonymous() as stripe:
        return await stripe.post(PATH, content=body, headers=signed(body) if headers is None else headers)


async def pending_order(shop: RunningService, stripe: StripeDouble, token: str) -> tuple[Customer, dict[str, Any]]:
    """An order that is paid by direct debit, and the intent behind it."""
    customer = await a_customer(shop)
    answer = await customer.order(card=await customer.card(token))
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] == "placed"
    (intent,) = stripe.intents(f"{answer.json()['id']}:1")
    assert intent["status"] == "processing"
    return customer, intent


async def has_status(customer: Customer, status: str) -> bool:
    """Whether the customer's only order has come to this."""
    (order,) = await customer.orders()
    return bool(order["status"] == status)


async def test_a_direct_debit_that_came_through_completes_its_order(
    stripe_shop: RunningService, stripe: StripeDouble
) -> None:
    customer, intent = await pending_order(stripe_shop, stripe, "pm_sepa_debit")
    body = stripe.event("payment_intent.succeeded", stripe.state.settle(intent["id"]))

    answers = [await call_back(stripe_shop, body) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [204, 204, 204]
    await eventually(lambda: has_status(customer, "paid"))
    assert len((await customer.buyer.get("/api/v1/subscriptions")).json()["items"]) == 1
    assert len(stripe.intents(intent["metadata"]["reference"])) == 1


async def test_a_direct_debit_that_came_back_fails_its_order(stripe_shop: RunningService, stripe: StripeDouble) -> None:
    customer, intent = await pending_order(stripe_shop, stripe, "pm_sepa_debit_returned")
    body = stripe.event("payment_intent.payment_failed", stripe.state.settle(intent["id"]))

    await call_back(stripe_shop, body)

    await eventually(lambda: has_status(customer, "failed"))
    (order,) = await customer.orders()
    assert order["failure_code"] == "debit_declined"


async def test_a_call_alone_settles_nothing(stripe_shop: RunningService, stripe: StripeDouble) -> None:
    customer, intent = await pending_order(stripe_shop, stripe, "pm_sepa_debit")
    lie = stripe.event("payment_intent.succeeded", intent | {"status": "succeeded"})
    asked = len([path for _, path, _ in stripe.requests if path == "payment_intents"])

    await call_back(stripe_shop, lie)
    await eventually(lambda: len([path for _, path, _ in stripe.requests if path == "payment_intents"]) > asked)
    await stripe_shop.work()

    assert await has_status(customer, "placed")


async def test_without_a_call_the_shop_asks_by_itself(stripe_shop: RunningService, stripe: StripeDouble) -> None:
    customer, intent = await pending_order(stripe_shop, stripe, "pm_sepa_debit")
    stripe.state.settle(intent["id"])

    async with stripe_shop.runtime.database.read() as reader:
        asks_at = await reader.scalar(ASK_AT, {"key": intent["metadata"]["reference"]})
    stripe_shop.clock.set(asks_at)

    await eventually(lambda: has_status(customer, "paid"))


@pytest.mark.parametrize("event_type", ["charge.refunded", "customer.created"])
async def test_what_is_about_something_else_is_taken_and_left_alone(
    stripe_shop: RunningService, stripe: StripeDouble, event_type: str
) -> None:
    answer = await call_back(stripe_shop, stripe.event(event_type, {"object": "charge", "id": "ch_1"}))

    assert answer.status_code == 204


async def test_calls_that_stripe_did_not_sign_are_refused(stripe_shop: RunningService, stripe: StripeDouble) -> None:
    body = stripe.event("payment_intent.succeeded", {"object": "payment_intent", "metadata": {}})
    refused = [
        await call_back(stripe_shop, body, {}),
        await call_back(stripe_shop, body, signed(body, secret="whsec_other")),
        await call_back(stripe_shop, body, signed(body, at=time.time() - 301)),
        await call_back(stripe_shop, body + b" ", signed(body)),
        await call_back(stripe_shop, b"[1]"),
        await call_back(stripe_shop, b"{"),
    ]

    assert {answer.status_code for answer in refused} == {400}
    assert {answer.json()["type"].rpartition("/")[2] for answer in refused} == {"payment-callback-refused"}


async def test_a_provider_that_does_not_call_back_has_no_address(stripe_shop: RunningService) -> None:
    async with stripe_shop.anonymous() as stranger:
        answers = [await stranger.post(f"/api/v1/payment-callbacks/{name}") for name in ("sandbox", "nobody")]

    assert {answer.status_code for answer in answers} == {404}


async def test_an_endless_call_is_cut_off(stripe_shop: RunningService) -> None:
    answer = await call_back(stripe_shop, b"x" * (1024 * 1024 + 1))

    assert answer.status_code == 413
