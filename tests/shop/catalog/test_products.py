"""Products and prices: each region sees its own, at once after a change."""

from datetime import UTC, datetime

import pytest

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService
from tests.shop.builders import BUYER_SCOPES, Customer, a_customer


async def test_a_customer_sees_the_products_and_prices_of_its_region_only(shop: RunningService) -> None:
    german, american, swiss = (
        await a_customer(shop),
        await a_customer(shop, country="US"),
        await a_customer(shop, country="CH"),
    )

    shelves = {
        name: {item["code"]: item["prices"] for item in (await who.buyer.get("/api/v1/products")).json()["items"]}
        for name, who in {"de": german, "us": american, "ch": swiss}.items()
    }

    assert set(shelves["de"]) == {"cad", "plan"}
    assert set(shelves["us"]) == {"cad", "usa-only"}
    assert [price["amount"] for price in shelves["de"]["cad"]] == [
        {"amount": 1_000, "currency": "EUR"},
        {"amount": 12_000, "currency": "EUR"},
    ]
    assert [price["amount"] for price in shelves["us"]["cad"]] == [{"amount": 15_000, "currency": "USD"}]
    assert shelves["ch"]["cad"][0]["tax_mode"] == "gross"
    assert (await german.buyer.get("/api/v1/products/usa-only")).status_code == 404
    assert (await german.buyer.get("/api/v1/products", params={"region": "us"})).json()["items"][0]["code"] == "cad"
    assert "USD" not in (await german.buyer.get("/api/v1/products", params={"region": "us"})).text


async def test_the_shelf_is_tagged_and_a_change_is_seen_by_the_next_request(
    shop: RunningService, customer: Customer
) -> None:
    first = await customer.buyer.get("/api/v1/products")
    tagged = {"If-None-Match": first.headers["etag"]}
    same = await customer.buyer.get("/api/v1/products", headers=tagged)
    code = f"new-{new_id('prd')[-6:]}"
    operator = shop.operator()

    await operator.post("/api/v1/products", json={"code": code, "name": "Neu", "applications": ["neu"]})
    unpriced = await customer.buyer.get("/api/v1/products", headers=tagged)
    price = {
        "product_code": code,
        "region": "eu",
        "interval": "month",
        "amount": {"amount": 500, "currency": "EUR"},
    }
    await operator.post("/api/v1/prices", json=price)
    priced = await customer.buyer.get("/api/v1/products", headers=tagged)
    await operator.delete(f"/api/v1/products/{code}")
    gone = await customer.buyer.get("/api/v1/products", headers=tagged)

    assert (same.status_code, same.content) == (304, b"")
    assert unpriced.status_code == 304
    assert code in {item["code"] for item in priced.json()["items"]}
    assert gone.status_code == 304


async def test_names_are_filled_in_for_every_language(shop: RunningService) -> None:
    operator = shop.operator()

    plain = (await operator.post("/api/v1/products", json={"code": "plain", "name": "Plain"})).json()
    some = (await operator.post("/api/v1/products", json={"code": "some", "name": {"fr": "Un", "de": "Ein"}})).json()

    assert plain["name"] == {"en": "Plain", "fr": "Plain", "de": "Plain", "it": "Plain"}
    assert some["name"] == {"en": "Un", "fr": "Un", "de": "Ein", "it": "Un"}


async def test_a_price_begins_on_its_day_and_the_one_before_ends_the_day_before(shop: RunningService) -> None:
    shop.clock.set(datetime(2027, 6, 10, 9, 0, tzinfo=UTC))
    operator, customer = shop.operator(), await a_customer(shop)
    await operator.post("/api/v1/products", json={"code": "timed", "name": "Timed"})
    body = {"product_code": "timed", "region": "eu", "interval": "year", "amount": {"amount": 100, "currency": "EUR"}}
    await operator.post("/api/v1/prices", json=body)
    rise = {**body, "amount": {"amount": 120, "currency": "EUR"}, "valid_from": "2027-07-01"}
    await operator.post("/api/v1/prices", json=rise)

    before = (await customer.buyer.get("/api/v1/products/timed")).json()["prices"][0]["amount"]["amount"]
    shop.clock.set(datetime(2027, 6, 30, 22, 0, tzinfo=UTC))  # already July in Berlin
    after = (await customer.buyer.get("/api/v1/products/timed")).json()["prices"][0]["amount"]["amount"]
    listed = (await operator.get("/api/v1/prices", params={"product_code": "timed"})).json()["items"]

    assert (before, after) == (100, 120)
    assert [(item["valid_from"], item["valid_to"]) for item in listed] == [
        ("2027-06-10", "2027-06-30"),
        ("2027-07-01", None),
    ]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"product_code": "nothing"}, "/product_code"),
        ({"region": "mars"}, "/region"),
        ({"amount": {"amount": 1, "currency": "USD"}}, "/amount/currency"),
        ({"amount": {"amount": -1, "currency": "EUR"}}, "/amount/amount"),
        ({"amount": {"amount": "1", "currency": "EUR"}}, "/amount/amount"),
        ({"amount": {"amount": True, "currency": "EUR"}}, "/amount/amount"),
        ({"amount": {"amount": 10**19, "currency": "EUR"}}, "/amount/amount"),
        ({"interval": "week"}, "/interval"),
    ],
)
async def test_an_impossible_price_is_refused(shop: RunningService, changes: dict[str, object], pointer: str) -> None:
    body = {"product_code": "cad", "region": "eu", "interval": "year", "amount": {"amount": 1, "currency": "EUR"}}

    answer = await shop.operator().post("/api/v1/prices", json={**body, **changes})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_two_operators_do_not_overwrite_each_other(shop: RunningService) -> None:
    operator = shop.operator()
    await operator.post("/api/v1/products", json={"code": "shared", "name": "Shared"})
    seen = (await operator.get("/api/v1/products/shared")).headers["etag"]

    first = await operator.patch("/api/v1/products/shared", json={"name": "One"}, headers={"If-Match": seen})
    second = await operator.patch("/api/v1/products/shared", json={"name": "Two"}, headers={"If-Match": seen})

    assert (first.status_code, second.status_code) == (200, 412)
    assert (await operator.get("/api/v1/products/shared")).json()["name"]["en"] == "One"


async def test_a_product_is_defined_once_and_changes_are_published(shop: RunningService) -> None:
    operator = shop.operator()
    await operator.post("/api/v1/products", json={"code": "told", "name": "Told", "applications": ["a", "b"]})

    again = await operator.post("/api/v1/products", json={"code": "told", "name": "Told"})
    unknown = await operator.patch("/api/v1/products/no-such", json={"name": "X"})
    await operator.delete("/api/v1/products/told")
    back = await operator.post("/api/v1/products", json={"code": "told", "name": "Told again"})

    assert (again.status_code, unknown.status_code, back.status_code) == (409, 404, 201)
    facts = [f for f in await shop.published("shop.product.changed.v1") if f["product_code"] == "told"]
    assert [fact["status"] for fact in facts] == ["active", "retired", "active"]
    assert facts[0]["applications"] == ["a", "b"]


async def test_lists_come_in_pages(shop: RunningService, customer: Customer) -> None:
    seen, cursor = [], None
    while True:
        params = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = (await customer.buyer.get("/api/v1/products", params=params)).json()
        seen += [item["code"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    whole = (await customer.buyer.get("/api/v1/products")).json()["items"]
    assert seen == [item["code"] for item in whole]
    assert (await customer.buyer.get("/api/v1/products", params={"cursor": "rubbish"})).status_code == 422
    assert (await customer.buyer.get("/api/v1/products", params={"limit": 0})).status_code == 422


async def test_the_catalogue_is_closed_to_strangers_and_its_changes_to_customers(
    shop: RunningService, customer: Customer
) -> None:
    body = {"code": "mine", "name": "Mine"}

    assert (await shop.anonymous().get("/api/v1/products")).status_code == 401
    assert (await shop.client(scopes="licenses:read", org=customer.id).get("/api/v1/products")).status_code == 403
    assert (await shop.client(scopes=BUYER_SCOPES).get("/api/v1/products")).status_code == 403
    for verb, path in (("post", "/products"), ("patch", "/products/cad"), ("post", "/prices"), ("post", "/regions")):
        assert (await customer.buyer.request(verb, f"/api/v1{path}", json=body)).status_code == 403
    for path in ("/prices", "/regions", "/customers"):
        assert (await customer.buyer.get(f"/api/v1{path}")).status_code == 403


async def test_operators_see_the_whole_catalogue_and_a_machine_its_organizations_region(
    shop: RunningService, customer: Customer
) -> None:
    machine = shop.client(scopes="catalog:read", org=customer.id, subject="erp", client_id="erp")

    whole = (await shop.operator().get("/api/v1/products")).json()["items"]
    shelf = (await machine.get("/api/v1/products")).json()["items"]

    cad = next(item for item in whole if item["code"] == "cad")
    assert {price["region"] for price in cad["prices"]} == {"eu", "us", "ch"}
    assert {price["region"] for item in shelf for price in item["prices"]} == {"eu"}
