"""The wish list."""

from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer


async def test_a_wish_is_kept_once_with_todays_price_until_it_is_removed(customer: Customer) -> None:
    first = await customer.buyer.put("/api/v1/wishlist/cad")
    again = await customer.buyer.put("/api/v1/wishlist/cad")
    listed = (await customer.buyer.get("/api/v1/wishlist")).json()["items"]
    removed = await customer.buyer.delete("/api/v1/wishlist/cad")
    twice = await customer.buyer.delete("/api/v1/wishlist/cad")

    assert (first.status_code, again.status_code) in {(201, 200), (201, 201)}
    assert [(item["product_code"], item["product"]["prices"][0]["region"]) for item in listed] == [("cad", "eu")]
    assert (removed.status_code, twice.status_code) == (204, 404)
    assert (await customer.buyer.get("/api/v1/wishlist")).json()["items"] == []


async def test_only_products_of_the_region_can_be_wished_for(customer: Customer) -> None:
    assert (await customer.buyer.put("/api/v1/wishlist/usa-only")).status_code == 404
    assert (await customer.buyer.put("/api/v1/wishlist/no-such")).status_code == 404


async def test_a_list_is_an_organizations_own(shop: RunningService, customer: Customer) -> None:
    stranger = await a_customer(shop)
    await customer.buyer.put("/api/v1/wishlist/cad")

    assert (await stranger.buyer.get("/api/v1/wishlist")).json()["items"] == []
    assert (await stranger.buyer.delete("/api/v1/wishlist/cad")).status_code == 404
    assert (await shop.anonymous().get("/api/v1/wishlist")).status_code == 401
    assert (await shop.client(scopes="catalog:read", org=customer.id).get("/api/v1/wishlist")).status_code == 403
