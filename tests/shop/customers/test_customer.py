"""The customer's own billing data, and what operators do with customers."""

from datetime import timedelta

import pytest

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer, catch_up, line

PATH = "/api/v1/customer"


async def test_a_customer_changes_only_what_it_sends(shop: RunningService, customer: Customer) -> None:
    await customer.buyer.patch(
        PATH, json={"phone": "+49 221 1", "billing_address": {"street": "Weg 1", "city": "Köln"}}
    )

    answer = await customer.buyer.patch(PATH, json={"vat_id": "de 136 695 976"})

    body = answer.json()
    assert body["vat_id"] == "DE136695976"
    assert body["vat_status"] == "valid_form"
    assert body["billing_address"] == {"street": "Weg 1", "postal_code": "", "city": "Köln", "country": "DE"}
    assert (body["region"], body["currency"], body["email"]) == ("eu", "EUR", customer.email)
    facts = [f for f in await shop.published("shop.customer.changed.v1") if f["organization_id"] == customer.id]
    assert facts[-1]["vat_id"] == "DE136695976"


async def test_a_vat_id_changes_the_tax_and_its_removal_changes_it_back(shop: RunningService) -> None:
    customer = await a_customer(shop, country="FR")
    body = {"lines": [line()]}

    categories = []
    for vat_id in ("FR40303265045", None, "FR40303265045", ""):
        assert (await customer.buyer.patch(PATH, json={"vat_id": vat_id})).status_code == 200
        quote = (await customer.buyer.post("/api/v1/orders/quote", json=body)).json()
        categories.append(quote["tax"]["category"])

    assert categories == ["AE", "S", "AE", "S"]


async def test_a_vat_id_in_bad_form_is_refused_with_its_place(customer: Customer) -> None:
    answer = await customer.buyer.patch(PATH, json={"vat_id": "DE123"})

    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/vat_id", "invalid_vat_id")]


async def test_a_stale_change_is_refused(customer: Customer) -> None:
    tag = (await customer.buyer.get(PATH)).headers["etag"]

    first = await customer.buyer.patch(PATH, json={"phone": "1"}, headers={"If-Match": tag})
    second = await customer.buyer.patch(PATH, json={"phone": "2"}, headers={"If-Match": tag})
    third = await customer.buyer.patch(PATH, json={"phone": "3"}, headers={"If-Match": first.headers["etag"]})

    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 200)


async def test_a_country_of_the_same_region_is_fine_and_one_of_another_is_not(customer: Customer) -> None:
    within = await customer.buyer.patch(PATH, json={"billing_address": {"country": "fr"}})
    beyond = await customer.buyer.patch(PATH, json={"billing_address": {"country": "US"}})

    assert (within.status_code, within.json()["country"]) == (200, "FR")
    assert beyond.status_code == 409
    assert beyond.json()["type"].endswith("/problems/region-fixed")


async def test_what_is_unknown_or_forbidden(shop: RunningService, customer: Customer) -> None:
    nobody = shop.client(scopes="orders:read orders:write", org=new_id("org"))

    assert (await shop.anonymous().get(PATH)).status_code == 401
    assert (await nobody.get(PATH)).status_code == 404
    assert (await shop.client(scopes="orders:read", org=customer.id).patch(PATH, json={})).status_code == 403
    assert (await customer.buyer.patch(PATH, json={"status": "active"})).status_code == 422


async def test_operators_find_customers(shop: RunningService) -> None:
    customer = await a_customer(shop, name="Zebra 100% GmbH", country="FR")
    operator = shop.operator()

    async def found(**filters: str) -> list[str]:
        items = (await operator.get("/api/v1/customers", params=filters)).json()["items"]
        return [item["organization_id"] for item in items]

    assert await found(query="zebra 100%") == [customer.id]
    assert await found(query=customer.email) == [customer.id]
    assert customer.id in await found(country="FR")
    assert await found(query="zebra", country="DE") == []
    assert (await operator.get(f"/api/v1/customers/{customer.id}")).json()["company"] == "Zebra 100% GmbH"
    assert (await operator.get(f"/api/v1/customers/{new_id('org')}")).status_code == 404


async def test_a_held_customers_renewal_waits_and_goes_on_after_the_release(
    shop: RunningService, customer: Customer
) -> None:
    subscription = await customer.subscribe(interval="month")
    operator = shop.operator()
    await operator.post(f"/api/v1/customers/{customer.id}/hold")

    shop.clock.advance(timedelta(days=32))
    await catch_up(shop)
    waiting = await customer.subscription(subscription["id"])
    await operator.post(f"/api/v1/customers/{customer.id}/release")
    await catch_up(shop)
    renewed = await customer.subscription(subscription["id"])

    assert (waiting["status"], waiting["held_reason"]) == ("held", "customer_on_hold")
    assert waiting["grace_until"] is not None
    assert (renewed["status"], renewed["term"]["first_day"]) == ("active", subscription["next_renewal_on"])


@pytest.mark.parametrize("verb", ["hold", "release", "erase"])
async def test_only_operators_act_on_customers(shop: RunningService, customer: Customer, verb: str) -> None:
    assert (await customer.buyer.post(f"/api/v1/customers/{customer.id}/{verb}")).status_code == 403
    assert (await shop.anonymous().post(f"/api/v1/customers/{customer.id}/{verb}")).status_code == 401
    assert (await shop.operator().post(f"/api/v1/customers/{new_id('org')}/{verb}")).status_code == 404
