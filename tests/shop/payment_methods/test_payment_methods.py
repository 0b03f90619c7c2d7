"""Cards and mandates: attached by token, one default, not removed while they pay something."""

import asyncio

import pytest

from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer, line

PATH = "/api/v1/payment-methods"


async def test_a_token_becomes_a_method_and_the_first_one_is_the_default(customer: Customer) -> None:
    card = (await customer.buyer.post(PATH, json={"token": "tok_visa"})).json()
    account = (await customer.buyer.post(PATH, json={"kind": "sepa_debit", "token": "tok_sepa"})).json()

    assert (card["kind"], card["brand"], card["last4"], card["is_default"]) == ("card", "visa", "4242", True)
    assert card["mandate"] is None
    assert (account["kind"], account["is_default"]) == ("sepa_debit", False)
    assert account["mandate"]["reference"].startswith("MND-")
    assert account["mandate"]["signed_on"] == "2027-02-05"
    listed = (await customer.buyer.get(PATH)).json()["items"]
    assert [item["id"] for item in listed] == [card["id"], account["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {"token": "4242424242424242"},
        {"token": "tok_visa", "number": "4242 4242 4242 4242"},
        {"token": "tok_visa", "card": {"number": 4242424242424242}},
        {"token": "DE89370400440532013000"},
    ],
)
async def test_card_and_account_numbers_are_refused_and_not_repeated(
    customer: Customer, body: dict[str, object]
) -> None:
    answer = await customer.buyer.post(PATH, json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "card_number_refused"
    assert "4242" not in answer.text
    assert "3704" not in answer.text


async def test_what_is_no_token_is_refused(customer: Customer) -> None:
    answer = await customer.buyer.post(PATH, json={"token": "hello"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "token_refused"


async def test_there_is_one_default_however_many_ask_at_once(customer: Customer) -> None:
    cards = [await customer.card() for _ in range(4)]

    await asyncio.gather(*[customer.buyer.post(f"{PATH}/{card}/make-default") for card in cards])

    listed = (await customer.buyer.get(PATH)).json()["items"]
    assert sum(item["is_default"] for item in listed) == 1


async def test_a_method_that_pays_a_subscription_cannot_be_removed(customer: Customer) -> None:
    card = await customer.card()
    other = await customer.card()
    subscription = await customer.subscribe(card=card)

    refused = await customer.buyer.delete(f"{PATH}/{card}")
    await customer.buyer.post(
        f"/api/v1/subscriptions/{subscription['id']}/change-payment-method", json={"payment_method_id": other}
    )
    removed = await customer.buyer.delete(f"{PATH}/{card}")
    gone = await customer.buyer.delete(f"{PATH}/{card}")

    assert (refused.status_code, removed.status_code, gone.status_code) == (409, 204, 404)
    assert refused.json()["type"].endswith("/problems/payment-method-in-use")
    (left,) = (await customer.buyer.get(PATH)).json()["items"]
    assert (left["id"], left["is_default"]) == (other, True)
    assert (await customer.order(line(), card=card)).status_code == 422


async def test_removing_and_buying_at_once_never_leaves_a_subscription_without_a_method(customer: Customer) -> None:
    for _ in range(5):
        card = await customer.card()

        ordered, removed = await asyncio.gather(customer.order(card=card), customer.buyer.delete(f"{PATH}/{card}"))

        assert (ordered.status_code, removed.status_code) in {(422, 204), (201, 409)}


async def test_methods_are_an_organizations_own(shop: RunningService, customer: Customer) -> None:
    card = await customer.card()
    stranger = await a_customer(shop)

    assert (await stranger.buyer.get(f"{PATH}/{card}")).status_code == 404
    assert (await stranger.buyer.delete(f"{PATH}/{card}")).status_code == 404
    assert (await stranger.buyer.post(f"{PATH}/{card}/make-default")).status_code == 404
    assert (await shop.anonymous().get(PATH)).status_code == 401
    manager = shop.client(scopes="licenses:read licenses:write", org=customer.id, roles=("license_manager",))
    assert (await manager.get(PATH)).status_code == 403
    assert (await manager.post(PATH, json={"token": "tok_visa"})).status_code == 403
