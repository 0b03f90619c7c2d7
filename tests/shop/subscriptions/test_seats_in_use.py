"""A smaller quantity asks the buyer which seats to give up, and never silently takes a used one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from chassis.db.transaction import Database, Transaction
from shop.subscriptions.change_quantity import change_quantity
from shop.subscriptions.errors import QuantityChangedMeanwhile
from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer
from tests.shop.license_management import LicenseManagement


@pytest.fixture
def management(shop: RunningService) -> LicenseManagement:
    """Who holds seats, as the shop is told."""
    told: LicenseManagement = shop.runtime.edges.seat_holders
    told.begin()
    return told


def path_of(subscription: dict[str, object], verb: str) -> str:
    """The verb's path."""
    return f"/api/v1/subscriptions/{subscription['id']}/{verb}"


async def test_seats_in_use_are_refused_with_those_to_choose_from(
    customer: Customer, management: LicenseManagement
) -> None:
    subscription = await customer.subscribe(quantity=4)
    management.seat(subscription["id"], "zoe@x.example", "adam@x.example", "eve@x.example")

    answers = [
        await customer.buyer.post(path_of(subscription, verb), json={"quantity": 2})
        for verb in ("preview-change", "change-quantity")
    ]

    for answer in answers:
        problem = answer.json()
        assert answer.status_code == 409
        assert problem["type"].endswith("/problems/seats-in-use")
        assert (problem["quantity"], problem["seats_in_use"], problem["to_release"]) == (2, 3, 1)
        assert [candidate["email"] for candidate in problem["candidates"]] == [
            "adam@x.example",
            "eve@x.example",
            "zoe@x.example",
        ]
        assert problem["candidates"][0].keys() == {"id", "email", "seat", "first_day", "last_day"}
    assert answers[0].json()["preview"]["renewal"]["net"]["amount"] == 24_000
    assert (await customer.subscription(subscription["id"]))["pending_quantity"] is None


async def test_named_seats_are_given_up_at_the_renewal(customer: Customer, management: LicenseManagement) -> None:
    subscription = await customer.subscribe(quantity=3)
    first, second, _ = management.seat(subscription["id"], "a@x.example", "b@x.example", "c@x.example")

    too_few = await customer.buyer.post(
        path_of(subscription, "change-quantity"), json={"quantity": 1, "release": [first]}
    )
    enough = {"quantity": 1, "release": [first, second]}
    preview = await customer.buyer.post(path_of(subscription, "preview-change"), json=enough)
    planned = await customer.buyer.post(path_of(subscription, "change-quantity"), json=enough)

    assert (too_few.status_code, too_few.json()["to_release"]) == (409, 1)
    assert preview.status_code == 200
    assert (planned.json()["quantity"], planned.json()["pending_quantity"]) == (3, 1)
    assert planned.json()["pending_release"] == [first, second]


async def test_free_seats_are_given_up_without_a_question(customer: Customer, management: LicenseManagement) -> None:
    subscription = await customer.subscribe(quantity=3)
    management.seat(subscription["id"], "a@x.example")

    planned = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 1})

    assert planned.json()["pending_quantity"] == 1


async def test_who_holds_no_seat_cannot_be_named(customer: Customer, management: LicenseManagement) -> None:
    subscription = await customer.subscribe(quantity=2)
    (held,) = management.seat(subscription["id"], "a@x.example")
    body = {"quantity": 1, "release": [held, "asg_of_another_license"]}

    answer = await customer.buyer.post(path_of(subscription, "change-quantity"), json=body)

    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/release/1", "not_assigned")]
    assert (await customer.subscription(subscription["id"]))["pending_quantity"] is None


async def test_without_the_license_management_fewer_seats_wait_and_more_are_sold(
    customer: Customer, management: LicenseManagement
) -> None:
    subscription = await customer.subscribe(quantity=2)
    management.is_away = True

    fewer = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 1})
    preview = await customer.buyer.post(path_of(subscription, "preview-change"), json={"quantity": 1})
    same = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 2})
    more = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 3})

    assert (fewer.status_code, preview.status_code) == (503, 503)
    assert "license management does not answer" in fewer.json()["detail"]
    assert "retry-after" in fewer.headers
    assert (same.status_code, more.status_code) == (200, 200)


async def test_the_shop_refuses_by_itself_what_it_can(
    shop: RunningService, customer: Customer, management: LicenseManagement
) -> None:
    subscription = await customer.subscribe(quantity=2)
    stranger = await a_customer(shop)

    foreign = await stranger.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 1})
    foreign_preview = await stranger.buyer.post(path_of(subscription, "preview-change"), json={"quantity": 1})
    none = await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 0})

    assert (foreign.status_code, foreign_preview.status_code, none.status_code) == (404, 404, 422)
    assert management.asked == 0


async def test_the_question_is_asked_with_no_lock_held(customer: Customer, management: LicenseManagement) -> None:
    """While the license management thinks, the same subscription can be cancelled."""
    subscription = await customer.subscribe(quantity=2)
    answers = []

    async def cancel() -> None:
        answers.append(await customer.buyer.post(path_of(subscription, "cancel")))

    management.meanwhile = cancel
    answers.append(await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 1}))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (answers[1].json()["cancel_at_term_end"], answers[1].json()["pending_quantity"]) == (True, 1)


class Slower:
    """The shop's database, as somebody meets it who is slower than a colleague."""

    def __init__(self, database: Database, colleague: Callable[[], Awaitable[object]]) -> None:
        self.read = database.read
        self._database = database
        self._colleague = colleague

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction that begins after the colleague's is over."""
        await self._colleague()
        async with self._database.transaction() as tx:
            yield tx


async def test_a_quantity_that_became_a_smaller_one_meanwhile_is_not_planned_unasked(
    shop: RunningService, customer: Customer, management: LicenseManagement
) -> None:
    subscription = await customer.subscribe(quantity=2)

    async def add() -> None:
        await customer.buyer.post(path_of(subscription, "change-quantity"), json={"quantity": 5})

    with pytest.raises(QuantityChangedMeanwhile):
        await change_quantity(
            Slower(shop.runtime.database, add),  # type: ignore[arg-type]
            shop.runtime.edges,
            organization_id=customer.id,
            subscription_id=str(subscription["id"]),
            quantity=3,
            release=[],
        )

    assert management.asked == 0
    after = await customer.subscription(subscription["id"])
    assert (after["quantity"], after["pending_quantity"]) == (5, None)
