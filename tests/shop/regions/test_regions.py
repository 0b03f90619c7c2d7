"""Regions: countries belong to one, and a country that gains a region gains its shelf."""

from datetime import timedelta

import pytest

from tests.harness.service import RunningService
from tests.shop.builders import a_customer

NORTH = {
    "code": "north",
    "name": "North",
    "countries": ["no"],
    "currency": "NOK",
    "tax_mode": "net",
    "default_locale": "en",
    "time_zone": "Europe/Oslo",
}


async def test_a_country_that_gains_a_region_gains_its_products_at_once(shop: RunningService) -> None:
    operator, customer = shop.operator(), await a_customer(shop, country="NO", time_zone=None)
    nothing = (await customer.buyer.get("/api/v1/products")).json()["items"]

    created = await operator.post("/api/v1/regions", json=NORTH)
    price = {"product_code": "cad", "region": "north", "interval": "year", "amount": {"amount": 9, "currency": "NOK"}}
    await operator.post("/api/v1/prices", json=price)
    shelf = (await customer.buyer.get("/api/v1/products")).json()["items"]
    await operator.patch("/api/v1/regions/north", json={"countries": ["NO", "SE"]})
    mine = (await customer.buyer.get("/api/v1/customer")).json()

    assert nothing == []
    assert created.json()["countries"] == ["NO"]
    assert [item["code"] for item in shelf] == ["cad"]
    assert (mine["region"], mine["currency"], mine["time_zone"]) == ("north", "NOK", "Europe/Oslo")
    assert (await operator.get("/api/v1/regions/north")).json()["countries"] == ["NO", "SE"]


async def test_a_country_belongs_to_one_region_and_a_code_is_taken_once(shop: RunningService) -> None:
    operator = shop.operator()

    taken = await operator.post("/api/v1/regions", json={**NORTH, "code": "other", "countries": ["DE"]})
    twice = await operator.post("/api/v1/regions", json={**NORTH, "code": "eu", "countries": ["FI"]})
    unknown = await operator.patch("/api/v1/regions/nowhere", json={"name": "X"})

    assert (taken.status_code, twice.status_code, unknown.status_code) == (409, 409, 404)
    assert taken.json()["type"].endswith("/problems/country-taken")
    assert {item["code"] for item in (await operator.get("/api/v1/regions")).json()["items"]} >= {"eu", "us", "ch"}


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "XXL"},
        {"time_zone": "Mars/Olympus"},
        {"countries": ["GER"]},
        {"tax_mode": "maybe"},
        {"default_locale": "es"},
        {"surprise": 1},
    ],
)
async def test_an_impossible_region_is_refused(shop: RunningService, changes: dict[str, object]) -> None:
    answer = await shop.operator().post("/api/v1/regions", json={**NORTH, "code": "bad", **changes})

    assert answer.status_code == 422


async def test_a_stale_change_is_refused(shop: RunningService) -> None:
    operator = shop.operator()
    tag = (await operator.get("/api/v1/regions/us")).headers["etag"]
    shop.clock.advance(timedelta(seconds=1))

    first = await operator.patch("/api/v1/regions/us", json={"name": "USA"}, headers={"If-Match": tag})
    second = await operator.patch("/api/v1/regions/us", json={"name": "States"}, headers={"If-Match": tag})

    assert (first.status_code, second.status_code) == (200, 412)
