"""Buying: totals, subscriptions, refusals."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, text

from chassis.kernel.ids import new_id
from shop.transfers.models import directory
from tests.harness.service import RunningService
from tests.harness.statements import statements_of
from tests.shop.builders import BUYER_SCOPES, Customer, a_customer, catch_up, line


async def test_an_order_is_paid_invoiced_and_begins_one_subscription_per_line(
    shop: RunningService, customer: Customer
) -> None:
    answer = await customer.order(line(quantity=3), line("plan"), purchase_order_number="PO-1")

    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert order["status"] == "paid"
    assert order["net"] == {"amount": 45_999, "currency": "EUR"}
    assert order["tax"]["amount"] == {"amount": 8_740, "currency": "EUR"}
    assert order["total"] == {"amount": 54_739, "currency": "EUR"}
    assert order["purchase_order_number"] == "PO-1"
    assert answer.headers["location"] == f"/api/v1/orders/{order['id']}"
    subscriptions = [await customer.subscription(each["subscription_id"]) for each in order["lines"]]
    assert [each["quantity"] for each in subscriptions] == [3, 1]
    assert {each["invoice_number"] for each in subscriptions} == {order["invoice_number"]}
    assert subscriptions[0]["term"] == {"first_day": "2027-02-05", "last_day": "2028-02-04"}
    assert subscriptions[0]["next_renewal_on"] == "2028-02-05"


async def test_an_order_of_many_lines_costs_as_many_statements_as_one_of_two(
    shop: RunningService, customer: Customer
) -> None:
    card = await customer.card()
    costs = []
    for count in (2, 10):
        with statements_of(shop) as asked:
            answer = await customer.order(*[line(quantity=3)] * count, card=card)
        assert answer.status_code == 201
        assert len({each["subscription_id"] for each in answer.json()["lines"]}) == count
        costs.append(len(asked))

    assert costs[0] == costs[1] < 18


async def test_numbers_go_on_after_the_millionth(shop: RunningService, customer: Customer) -> None:
    async with shop.runtime.database.transaction() as tx:
        for sequence in ("order_numbers", "subscription_numbers"):
            await tx.execute(text(f"SELECT setval('{sequence}', 1234566)"))

    placed = (await customer.order()).json()

    assert placed["number"] == "O-2027-1234567"
    assert (await customer.subscription(placed["lines"][0]["subscription_id"]))["number"] == "S-2027-1234567"


async def test_what_others_need_to_know_is_published(shop: RunningService, customer: Customer) -> None:
    order = (await customer.order(line(quantity=2))).json()

    (paid,) = [fact for fact in await shop.published("shop.order.paid.v1") if fact["order"]["id"] == order["id"]]
    assert paid["order"]["kind"] == "purchase"
    assert paid["order"]["lines"][0]["subscription_id"] == order["lines"][0]["subscription_id"]
    assert paid["invoice_number"] == order["invoice_number"]
    assert paid["organization"] == {
        "id": customer.id,
        "name": "Müller & Söhne GmbH",
        "locale": "de",
        "time_zone": "Europe/Berlin",
        "country": "DE",
        "region": "eu",
    }
    assert paid["buyer"]["email"] == customer.email
    (started,) = [
        fact for fact in await shop.published("shop.subscription.started.v1") if fact["order_id"] == order["id"]
    ]
    body = started["subscription"]
    assert body["quantity"] == 2
    assert body["applications"] == ["app-cad"]
    assert body["product_name"] == {"en": "cad en", "fr": "cad fr", "de": "cad en", "it": "cad en"}
    assert (body["billing_owner"], body["fence"], body["origin"]) == ("new_shop", 1, "new")
    issued = [f for f in await shop.published("shop.invoice.issued.v1") if f["order_id"] == order["id"]]
    assert [fact["number"] for fact in issued] == [order["invoice_number"]]


async def test_a_quote_says_what_the_order_will_cost(customer: Customer) -> None:
    lines = [line(quantity=3), line("plan")]

    quote = (await customer.buyer.post("/api/v1/orders/quote", json={"lines": lines})).json()
    order = (await customer.order(*lines)).json()

    assert quote["total"] == order["total"]
    assert quote["tax"] == order["tax"]
    assert quote["region"] == "eu"


@pytest.mark.parametrize(
    ("country", "vat_id", "category", "tax"),
    [
        ("DE", "DE136695976", "S", 2_280),
        ("FR", "FR40303265045", "AE", 0),
        ("FR", None, "S", 2_400),
        ("US", None, "O", 0),
    ],
)
async def test_tax_follows_the_country_and_the_vat_id(
    shop: RunningService, country: str, vat_id: str | None, category: str, tax: int
) -> None:
    customer = await a_customer(shop, country=country, vat_id=vat_id)

    order = (await customer.order()).json()

    assert order["tax"]["category"] == category
    assert order["tax"]["amount"]["amount"] == tax
    assert order["total"]["amount"] == order["net"]["amount"] + tax


async def test_gross_prices_contain_the_tax_but_an_exported_service_bears_none(shop: RunningService) -> None:
    customer = await a_customer(shop, country="CH")

    order = (await customer.order(line(quantity=2))).json()

    assert order["total"] == {"amount": 20_000, "currency": "CHF"}
    assert order["tax"]["category"] == "O"


@pytest.mark.parametrize(
    ("wanted", "pointer", "code"),
    [
        (line(interval=None), "/lines/0/interval", "one_off_not_sold"),
        (line(interval="once"), "/lines/0/interval", "one_off_not_sold"),
        (line("usa-only"), "/lines/0/product_code", "not_sold_in_region"),
        (line("no-such"), "/lines/0/product_code", "not_sold_in_region"),
        (line("plan", interval="month"), "/lines/0/interval", "interval_not_offered"),
        (line(quantity=0), "/lines/0/quantity", "invalid_quantity"),
        (line(quantity=-3), "/lines/0/quantity", "invalid_quantity"),
        (line(quantity=10**9), "/lines/0/quantity", "invalid_quantity"),
    ],
)
async def test_what_is_not_sold_is_refused_with_a_reason(
    customer: Customer, wanted: dict[str, object], pointer: str, code: str
) -> None:
    for path in ("/api/v1/orders/quote", "/api/v1/orders"):
        answer = await customer.buyer.post(path, json={"lines": [wanted], "payment_method_id": await customer.card()})

        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == (pointer, code)
        assert error["detail"]


async def test_a_declined_card_buys_nothing_and_says_so(shop: RunningService, customer: Customer) -> None:
    answer = await customer.order(card=await customer.card("tok_card_0002"))

    problem = answer.json()
    assert answer.status_code == 402
    assert problem["type"].endswith("/problems/payment-declined")
    assert problem["failure_code"] == "card_declined"
    (order,) = await customer.orders()
    assert (order["id"], order["status"]) == (problem["order_id"], "failed")
    assert order["invoice_number"] is None
    assert (await customer.buyer.get("/api/v1/subscriptions")).json()["items"] == []
    failed = [f for f in await shop.published("shop.order.failed.v1") if f["order"]["id"] == order["id"]]
    assert [fact["failure_code"] for fact in failed] == ["card_declined"]


async def test_a_payment_the_payer_must_confirm_completes_the_order_by_itself(
    shop: RunningService, customer: Customer
) -> None:
    answer = await customer.order(card=await customer.card("tok_action_required"))
    order = answer.json()
    assert answer.status_code == 202
    assert order["status"] == "action_required"

    await shop.anonymous().post(f"{order['action_url']}/accept")
    await catch_up(shop)

    (seen,) = await customer.orders()
    assert seen["status"] == "paid"
    assert seen["lines"][0]["subscription_id"]


async def test_a_payment_nobody_confirms_fails_after_a_day(shop: RunningService, customer: Customer) -> None:
    await customer.order(card=await customer.card("tok_action_required"))

    shop.clock.advance(timedelta(hours=26))
    await catch_up(shop)

    (seen,) = await customer.orders()
    assert (seen["status"], seen["failure_code"]) == ("failed", "authentication_abandoned")


async def test_a_lost_answer_is_asked_for_and_the_order_completed_with_one_charge(
    shop: RunningService, customer: Customer
) -> None:
    answer = await customer.order(card=await customer.card("tok_lost_answer"))
    assert answer.status_code == 202
    assert answer.json()["status"] == "placed"

    shop.clock.advance(timedelta(minutes=6))
    await catch_up(shop)
    await catch_up(shop)

    (seen,) = await customer.orders()
    assert seen["status"] == "paid"
    assert len((await customer.buyer.get("/api/v1/subscriptions")).json()["items"]) == 1


async def test_one_idempotency_key_buys_once_however_often_it_is_sent(customer: Customer) -> None:
    card = await customer.card()
    body = {"lines": [line()], "payment_method_id": card}
    key = {"Idempotency-Key": new_id("key")}

    answers = await asyncio.gather(*[customer.buyer.post("/api/v1/orders", json=body, headers=key) for _ in range(8)])
    late = await customer.buyer.post("/api/v1/orders", json=body, headers=key)
    other = await customer.buyer.post("/api/v1/orders", json={**body, "lines": [line("plan")]}, headers=key)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert late.status_code == 201
    assert other.status_code == 422
    assert [order["id"] for order in await customer.orders()] == [late.json()["id"]]


async def test_invoice_numbers_have_no_gaps_under_parallel_orders_and_declines(
    shop: RunningService, customer: Customer
) -> None:
    good, bad = await customer.card(), await customer.card("tok_declined")

    await asyncio.gather(*[customer.order(card=bad if number % 3 == 0 else good) for number in range(15)])

    answer = await shop.operator().get("/api/v1/invoices", params={"limit": 200})
    numbers = sorted(item["number"] for item in answer.json()["items"] if item["number"].startswith("EU-2027-"))
    assert numbers == [f"EU-2027-{position:06d}" for position in range(1, len(numbers) + 1)]
    assert len({order["invoice_number"] for order in await customer.orders(status="paid")}) == 10


async def test_another_organizations_payment_method_pays_nothing(shop: RunningService, customer: Customer) -> None:
    stranger = await a_customer(shop)

    answer = await customer.order(card=await stranger.card())

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "unknown_payment_method"


async def test_the_default_method_pays_when_none_is_named(customer: Customer) -> None:
    card = await customer.card()

    answer = await customer.buyer.post("/api/v1/orders", json={"lines": [line()]})

    assert answer.status_code == 201
    assert answer.json()["payment_method_id"] == card


async def test_a_country_without_a_region_buys_nothing(shop: RunningService) -> None:
    customer = await a_customer(shop, country="JP")

    answer = await customer.order()

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/problems/region-not-served")


async def test_a_customer_of_the_old_shop_cannot_buy_before_the_transfer(
    shop: RunningService, customer: Customer
) -> None:
    async with shop.runtime.database.transaction() as tx:
        await tx.execute(
            insert(directory).values(
                legacy_id=customer.id,
                load=1,
                fingerprint="",
                company="Old",
                email_key=customer.email,
                country="DE",
                exported_on=date(2027, 1, 1),
                outcome="moves",
            )
        )

    ordered = await customer.order()
    quoted = await customer.buyer.post("/api/v1/orders/quote", json={"lines": [line()]})

    assert (ordered.status_code, quoted.status_code) == (409, 409)
    assert ordered.json()["type"].endswith("/problems/transfer-pending")
    assert "old shop" in ordered.json()["detail"]
    assert await customer.orders() == []


async def test_a_held_customer_buys_nothing_until_released(shop: RunningService, customer: Customer) -> None:
    operator = shop.operator()
    await operator.post(f"/api/v1/customers/{customer.id}/hold", json={"reason": "fraud check"})

    refused = await customer.order()
    await operator.post(f"/api/v1/customers/{customer.id}/release")
    bought = await customer.order()

    assert (refused.status_code, bought.status_code) == (409, 201)
    assert refused.json()["type"].endswith("/problems/customer-on-hold")


async def test_a_refund_gives_the_money_back_once(shop: RunningService, customer: Customer) -> None:
    order = (await customer.order()).json()
    path = f"/api/v1/orders/{order['id']}/refund"

    first = await shop.operator().post(path)
    second = await shop.operator().post(path)
    by_buyer = await customer.buyer.post(path)

    assert first.json()["status"] == "refunded"
    assert second.status_code == 409
    assert by_buyer.status_code == 403
    refunded = [f for f in await shop.published("shop.order.refunded.v1") if f["order"]["id"] == order["id"]]
    assert len(refunded) == 1


@pytest.mark.parametrize("path", ["/api/v1/orders", "/api/v1/orders/quote"])
async def test_buying_needs_a_caller_with_the_scope_and_an_organization(shop: RunningService, path: str) -> None:
    body = {"lines": [line()]}

    anonymous = await shop.anonymous().post(path, json=body)
    manager = await shop.client(scopes="licenses:write catalog:read", org=new_id("org")).post(path, json=body)
    nowhere = await shop.client(scopes=BUYER_SCOPES).post(path, json=body)

    assert anonymous.status_code == 401
    assert manager.status_code == 403
    assert nowhere.status_code == 403
