"""The process may die anywhere between the intent and the outcome: nobody pays twice, nobody pays for nothing."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from shop.checkout.place import place
from shop.checkout.rules import WantedLine
from shop.edges import Edges
from shop.payments.provider import Outcome
from shop.payments.providers.sandbox import SandboxProvider
from shop.payments.registry import Providers
from tests.harness.service import RunningService
from tests.shop.builders import Customer, catch_up


class PowerCut(Exception):
    """The process is gone: nothing of it runs on."""


class CutBefore(SandboxProvider):
    """The power fails before the request reaches the provider."""

    async def charge(self, **request: object) -> Outcome:
        """Nothing arrives."""
        raise PowerCut


class CutAfter(SandboxProvider):
    """The power fails after the provider has collected."""

    async def charge(self, **request: object) -> Outcome:
        """The money is taken; nobody is there to hear of it."""
        await super().charge(**request)  # type: ignore[arg-type]
        raise PowerCut


async def order_and_die(shop: RunningService, customer: Customer, provider: type[SandboxProvider]) -> None:
    """Place an order in a process that dies while it waits for the provider."""
    card = await customer.card()
    edges: Edges = shop.runtime.edges
    dying = provider(shop.runtime.database, name="sandbox", public_url="http://localhost:8080")
    try:
        await place(
            shop.runtime.database,
            replace(edges, providers=Providers({"sandbox": dying}, default="sandbox")),
            organization_id=customer.id,
            email=None,
            wanted=[WantedLine("cad", "year", 1)],
            payment_method_id=card,
            purchase_order_number=None,
        )
    except PowerCut:
        return
    raise AssertionError("It did not die.")


async def collected(shop: RunningService, customer: Customer) -> int:
    """How many charges the provider has collected from a customer."""
    statement = text(
        "SELECT count(*) FROM sandbox_charges s JOIN charges c USING (idempotency_key) "
        "WHERE c.organization_id = :id AND s.status = 'succeeded'"
    )
    async with shop.runtime.database.read() as reader:
        return int(await reader.scalar(statement, {"id": customer.id}))


async def test_an_order_whose_charge_never_left_is_carried_through_later(
    shop: RunningService, customer: Customer
) -> None:
    await order_and_die(shop, customer, CutBefore)
    (placed,) = await customer.orders()

    shop.clock.advance(timedelta(seconds=31))
    for _ in range(3):
        await catch_up(shop)

    (order,) = await customer.orders()
    assert (placed["status"], order["status"]) == ("placed", "paid")
    assert await collected(shop, customer) == 1
    assert len((await customer.buyer.get("/api/v1/subscriptions")).json()["items"]) == 1


async def test_an_order_that_was_collected_unheard_is_completed_without_collecting_again(
    shop: RunningService, customer: Customer
) -> None:
    await order_and_die(shop, customer, CutAfter)

    shop.clock.advance(timedelta(seconds=31))
    for _ in range(3):
        await catch_up(shop)

    (order,) = await customer.orders()
    assert order["status"] == "paid"
    assert await collected(shop, customer) == 1
