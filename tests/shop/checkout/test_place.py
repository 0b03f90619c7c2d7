"""Buying: totals, subscriptions, refusals."""

import asyncio

import pytest

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer, line


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
    subscriptions = [await customer.subscription(each["subscription_id"]) for each in order["lines"]]
    assert [each["quantity"] for each in subscriptions] == [3, 1]
    assert {each["invoice_number"] for each in subscriptions} == {order["invoice_number"]}
    assert subscriptions[0]["term"] == {"first_day": "2027-02-05", "last_day": "2028-02-04"}
    assert subscriptions[0]["next_renewal_on"] == "2028-02-05"
