"""Subscriptions of the old shop: adopted as they are, billed by one shop at a time, and given back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from chassis.kernel.ids import new_id
from shop.customers.adopt import adopt as adopt_customer
from shop.customers.queries import get
from shop.orders.adopt import AdoptedLine, AdoptedOrder
from shop.orders.adopt import adopt as adopt_orders
from shop.orders.queries import has_bought
from shop.payment_methods.adopt import AdoptedMethod
from shop.payment_methods.adopt import adopt as adopt_methods
from shop.subscriptions.adopt import AdoptedSubscription, adopt
from shop.subscriptions.errors import NewBusinessExists
from shop.subscriptions.release import take_over
from shop.subscriptions.withdraw import withdraw
from tests.harness.service import RunningService
from tests.shop.builders import Customer, catch_up

TODAY = datetime(2027, 2, 5, 9, 0, tzinfo=UTC)


async def moved(
    shop: RunningService, *, billing_owner: str = "none", **changes: object
) -> tuple[Customer, str, str, AdoptedSubscription]:
    """A customer moved from the old shop with one subscription: customer, subscription id, transfer id, what came."""
    organization_id, transfer_id = new_id("org"), new_id("trf")
    async with shop.runtime.database.transaction() as tx:
        await adopt_customer(
            tx,
            organization_id=organization_id,
            company="Alt GmbH",
            email=f"{organization_id}@alt.example",
            names=("Max", "Alt"),
            country="DE",
            locale="de",
            time_zone="Europe/Berlin",
            vat_id="DE 136.695.976",
            address={"street": "Weg 1", "postal_code": "10115", "city": "Berlin"},
            phone="",
            legacy_id=organization_id,
        )
        methods = await adopt_methods(
            tx,
            organization_id=organization_id,
            methods=[AdoptedMethod("m1", "stripe", "cus_1", "pm_1", "card", "visa", "4242", 12, 2030)],
        )
        subscription = AdoptedSubscription(
            legacy_id="s1",
            number="OLD-1",
            product_code="cad",
            quantity=3,
            interval="year",
            unit_price_minor=9_900,
            currency="EUR",
            started_on=date(2024, 3, 1),
            term_first_day=date(2026, 3, 1),
            term_last_day=date(2027, 2, 28),
            next_renewal_on=date(2027, 3, 1),
            payment_method_id=methods["m1"],
            invoice_number="R-77",
            transfer_id=transfer_id,
        )
        subscription = replace(subscription, **changes)  # type: ignore[arg-type]
        customer = await get(tx, organization_id)
        ids = await adopt(
            tx,
            organization=customer.org,
            buyer=customer.buyer,
            subscriptions=[subscription],
            billing_owner=billing_owner,
        )
    return Customer(shop, organization_id, customer.email), ids["s1"], transfer_id, subscription


async def transferred(shop: RunningService, subscription_id: str) -> list[int]:
    """The fences under which a subscription was announced as transferred."""
    facts = await shop.published("shop.subscription.transferred.v1")
    return [fact["subscription"]["fence"] for fact in facts if fact["subscription"]["id"] == subscription_id]


async def test_what_nobody_bills_yet_is_never_charged(shop: RunningService) -> None:
    shop.clock.set(TODAY)
    customer, subscription_id, _, _ = await moved(shop)

    shop.clock.advance(timedelta(days=400))
    await catch_up(shop)

    assert await customer.orders() == []
    assert await transferred(shop, subscription_id) == []
    answer = await customer.buyer.post(f"/api/v1/subscriptions/{subscription_id}/cancel")
    assert answer.status_code == 409


async def test_the_database_refuses_to_let_fall_due_what_is_billed_elsewhere(shop: RunningService) -> None:
    shop.clock.set(TODAY)
    _, subscription_id, _, _ = await moved(shop)

    with pytest.raises(IntegrityError, match="only_new_shop_falls_due"):
        async with shop.runtime.database.transaction() as tx:
            await tx.connection.exec_driver_sql(
                "UPDATE subscriptions SET due_at = now() WHERE id = $1", (subscription_id,)
            )


async def test_once_taken_over_it_renews_on_its_day_at_its_own_price_with_the_same_card(shop: RunningService) -> None:
    shop.clock.set(TODAY)
    customer, subscription_id, transfer_id, _ = await moved(shop)
    async with shop.runtime.database.transaction() as tx:
        first = await take_over(tx, [subscription_id])
        second = await take_over(tx, [subscription_id])

    shop.clock.set(datetime(2027, 2, 28, 23, 0, tzinfo=UTC))
    await catch_up(shop)

    assert (first, second) == ([subscription_id], [])
    assert await transferred(shop, subscription_id) == [2]
    (order,) = await customer.orders(kind="renewal")
    assert order["net"]["amount"] == 29_700
    renewed = await customer.subscription(subscription_id)
    assert renewed["number"] == "OLD-1"
    assert renewed["term"] == {"first_day": "2027-03-01", "last_day": "2028-02-29"}
    async with shop.runtime.database.transaction() as tx:
        with pytest.raises(NewBusinessExists):
            await withdraw(tx, transfer_id)


async def test_adopting_twice_changes_nothing(shop: RunningService) -> None:
    shop.clock.set(TODAY)
    customer, subscription_id, _, came = await moved(shop, billing_owner="new_shop")

    async with shop.runtime.database.transaction() as tx:
        view = await get(tx, customer.id)
        again = await adopt(tx, organization=view.org, buyer=view.buyer, subscriptions=[came], billing_owner="new_shop")

    assert again == {"s1": subscription_id}
    assert await transferred(shop, subscription_id) == [1]


async def test_a_withdrawn_subscription_ends_and_can_come_back_under_the_next_fence(shop: RunningService) -> None:
    shop.clock.set(TODAY)
    customer, subscription_id, transfer_id, came = await moved(shop)
    async with shop.runtime.database.transaction() as tx:
        await take_over(tx, [subscription_id])

    async with shop.runtime.database.transaction() as tx:
        withdrawn = await withdraw(tx, transfer_id)
        nothing_left = await withdraw(tx, transfer_id)
    gone = await customer.subscription(subscription_id)
    async with shop.runtime.database.transaction() as tx:
        view = await get(tx, customer.id)
        await adopt(tx, organization=view.org, buyer=view.buyer, subscriptions=[came], billing_owner="new_shop")
    back = await customer.subscription(subscription_id)

    assert (withdrawn, nothing_left) == ([subscription_id], [])
    assert (gone["status"], gone["ended_reason"], gone["billing_owner"]) == ("ended", "rolled_back", "old_shop")
    assert (back["status"], back["billing_owner"]) == ("active", "new_shop")
    assert await transferred(shop, subscription_id) == [2, 4]


async def test_a_first_renewal_that_differs_from_the_dry_run_waits_for_an_operator(shop: RunningService) -> None:
    shop.clock.set(TODAY)
    customer, subscription_id, _, _ = await moved(shop, billing_owner="new_shop", expected_renewal_minor=29_000)
    operator = shop.operator()

    shop.clock.set(datetime(2027, 3, 1, 12, 0, tzinfo=UTC))
    await catch_up(shop)
    held = (await operator.get("/api/v1/subscriptions", params={"status": "held"})).json()["items"]
    nothing_charged = await customer.orders()
    by_buyer = await customer.buyer.post(f"/api/v1/subscriptions/{subscription_id}/release")
    released = await operator.post(f"/api/v1/subscriptions/{subscription_id}/release")
    twice = await operator.post(f"/api/v1/subscriptions/{subscription_id}/release")
    await catch_up(shop)

    assert [(item["id"], item["held_reason"]) for item in held] == [(subscription_id, "amount_differs_from_dry_run")]
    assert nothing_charged == []
    assert (by_buyer.status_code, released.status_code, twice.status_code) == (403, 200, 409)
    (order,) = await customer.orders(kind="renewal")
    assert (order["status"], order["net"]["amount"]) == ("paid", 29_700)


async def test_a_quantity_the_customer_chose_is_no_difference(shop: RunningService) -> None:
    shop.clock.set(TODAY)
    customer, subscription_id, _, _ = await moved(shop, billing_owner="new_shop")
    await customer.buyer.post(f"/api/v1/subscriptions/{subscription_id}/change-quantity", json={"quantity": 1})

    shop.clock.set(datetime(2027, 3, 1, 12, 0, tzinfo=UTC))
    await catch_up(shop)

    (order,) = await customer.orders(kind="renewal")
    assert order["net"]["amount"] == 9_900


async def test_orders_and_invoices_come_along_once_and_stand_beside_new_ones(shop: RunningService) -> None:
    shop.clock.set(TODAY)
    customer, subscription_id, _, _ = await moved(shop, billing_owner="new_shop")
    old = AdoptedOrder(
        legacy_id="o1",
        number="4711",
        placed_at=datetime(2026, 3, 1, 10, 0, tzinfo=UTC),
        status="paid",
        currency="EUR",
        net_minor=29_700,
        tax_minor=5_643,
        total_minor=35_343,
        lines=[
            AdoptedLine(
                1, "cad", {"en": "CAD", "fr": "CAO", "de": "CAD", "it": "CAD"}, "", 3, 9_900, "year", subscription_id
            )
        ],
        invoice_number="R-77",
    )

    for _ in range(2):
        async with shop.runtime.database.transaction() as tx:
            await adopt_orders(tx, organization_id=customer.id, orders=[old])
    async with shop.runtime.database.read() as reader:
        bought_before = await has_bought(reader, customer.id)
    await customer.order()
    async with shop.runtime.database.read() as reader:
        bought_after = await has_bought(reader, customer.id)

    new, transferred_order = await customer.orders()
    assert (new["origin"], transferred_order["origin"]) == ("new", "transferred")
    assert transferred_order["number"] == "4711"
    assert (bought_before, bought_after) == (False, True)
    invoices = (await customer.buyer.get("/api/v1/invoices")).json()["items"]
    assert {invoice["number"] for invoice in invoices} == {"R-77", new["invoice_number"]}
    (only,) = await customer.orders(origin="transferred")
    pdf = await customer.buyer.get(f"/api/v1/invoices/{only['invoice_id']}/pdf")
    assert pdf.content.startswith(b"%PDF")
