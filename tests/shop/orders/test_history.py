"""The order history: filters, pages, one organization's own."""

from datetime import timedelta

from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer, line


async def test_the_history_is_newest_first_and_can_be_filtered(shop: RunningService, customer: Customer) -> None:
    first = (await customer.order()).json()
    shop.clock.advance(timedelta(days=2))
    second = (await customer.order(line("plan"))).json()
    await customer.order(card=await customer.card("tok_declined"))

    everything = await customer.orders()
    assert [order["id"] for order in everything][1:] == [second["id"], first["id"]]
    assert [order["id"] for order in await customer.orders(status="paid")] == [second["id"], first["id"]]
    assert [order["id"] for order in await customer.orders(number=first["number"])] == [first["id"]]
    assert [order["status"] for order in await customer.orders(status="failed")] == ["failed"]
    day = first["placed_at"][:10]
    assert [order["id"] for order in await customer.orders(placed_to=day)] == [first["id"]]
    assert first["id"] not in [order["id"] for order in await customer.orders(placed_from=second["placed_at"][:10])]
    subscription_id = second["lines"][0]["subscription_id"]
    assert [order["id"] for order in await customer.orders(subscription_id=subscription_id)] == [second["id"]]


async def test_pages_show_every_order_once(customer: Customer) -> None:
    card = await customer.card()
    placed = [(await customer.order(card=card)).json()["id"] for _ in range(5)]

    seen, cursor = [], None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await customer.buyer.get("/api/v1/orders", params=params)).json()
        seen += [order["id"] for order in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert sorted(seen) == sorted(placed)
    assert len(seen) == len(set(seen))


async def test_orders_are_an_organizations_own(shop: RunningService, customer: Customer) -> None:
    order = (await customer.order()).json()
    stranger = await a_customer(shop)
    path = f"/api/v1/orders/{order['id']}"

    assert (await customer.buyer.get(path)).json() == order
    assert (await stranger.buyer.get(path)).status_code == 404
    assert await stranger.orders() == []
    assert await stranger.orders(organization=customer.id) == []
    assert (await shop.anonymous().get(path)).status_code == 401
    assert (await shop.client(scopes="licenses:read", org=customer.id).get(path)).status_code == 403
    operator = shop.operator()
    assert (await operator.get(path)).json()["id"] == order["id"]
    listed = (await operator.get("/api/v1/orders", params={"organization": customer.id})).json()["items"]
    assert [item["id"] for item in listed] == [order["id"]]
