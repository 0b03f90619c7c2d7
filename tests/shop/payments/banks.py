"""Both providers behind the port, each with the hands of the payer and of the bank behind it."""

from itertools import count
from typing import Protocol

import httpx
from sqlalchemy import select

from shop.payments.models import sandbox_charges
from shop.payments.provider import Instrument, Outcome, PaymentProvider
from shop.payments.providers.sandbox import SETTLES_AFTER, SandboxProvider
from shop.payments.providers.stripe import StripeProvider
from shop.payments.providers.stripe_api import StripeApi
from tests.harness.service import RunningService
from tests.harness.stripe_double import API_KEY, WEBHOOK_SECRET, StripeDouble

CUSTOMER = "org_contract"
IMPORTED = count(1)
BEHAVIOURS = {
    "good": ("card", "tok_visa", "pm_card_visa"),
    "declined": ("card", "tok_declined", "pm_card_visa_chargeDeclined"),
    "no_funds": ("card", "tok_insufficient_funds", "pm_card_visa_chargeDeclinedInsufficientFunds"),
    "wants_payer": ("card", "tok_action_required", "pm_card_authenticationRequired"),
    "debit": ("sepa_debit", "tok_sepa_slow", "pm_sepa_debit"),
    "debit_returned": ("sepa_debit", "tok_sepa_returned", "pm_sepa_debit_returned"),
}


class Bank(Protocol):
    """What the contract needs besides the port."""

    provider: PaymentProvider

    def token(self, behaviour: str) -> str:
        """What the provider's form hands out."""
        ...

    def enter(self, setup_token: str) -> None:
        """The payer fills the provider's form in, with a good card."""
        ...

    def imported(self, behaviour: str) -> Instrument:
        """A method that came with the old shop's export and was never seen by this shop."""
        ...

    async def losing_answers(self) -> Instrument:
        """A good card; the answer to its next charge is lost on the way."""
        ...

    async def confirm(self, waiting: Outcome, *, accept: bool) -> None:
        """The payer at the page of the bank."""
        ...

    async def settle(self, pending: Outcome) -> None:
        """The days pass that a direct debit takes."""
        ...

    async def collected(self, key: str) -> list[int]:
        """The amounts that were collected for a key."""
        ...

    async def given_back(self, key: str) -> int:
        """What was refunded of them."""
        ...


async def stored(bank: Bank, behaviour: str) -> Instrument:
    """A method that the customer entered here."""
    kind = BEHAVIOURS[behaviour][0]
    attached = await bank.provider.attach(token=bank.token(behaviour), customer=CUSTOMER, known_as=None, kind=kind)
    return attached.instrument


class SandboxBank:
    """The sandbox: its verdicts follow from the last four digits."""

    def __init__(self, shop: RunningService) -> None:
        self._shop = shop
        self._provider = SandboxProvider(shop.runtime.database, name="sandbox", public_url="http://localhost:8080")
        self.provider: PaymentProvider = self._provider

    def token(self, behaviour: str) -> str:
        """A token of the sandbox."""
        return BEHAVIOURS[behaviour][1]

    def enter(self, setup_token: str) -> None:
        """There is no form."""

    def imported(self, behaviour: str) -> Instrument:
        """A foreign id with digits that the sandbox knows."""
        last4 = {"good": "4242", "declined": "0002", "debit": "3003"}[behaviour]
        return Instrument("sandbox", "cus_old", "pm_old", BEHAVIOURS[behaviour][0], last4)

    async def losing_answers(self) -> Instrument:
        """The card ending 7777."""
        attached = await self.provider.attach(token="tok_lost_answer", customer=CUSTOMER, known_as=None, kind=None)
        return attached.instrument

    async def confirm(self, waiting: Outcome, *, accept: bool) -> None:
        """A click on the sandbox bank's page."""
        assert await self._provider.confirm(waiting.reference, accept=accept) is not None

    async def settle(self, pending: Outcome) -> None:
        """Three days."""
        self._shop.clock.advance(SETTLES_AFTER)

    async def collected(self, key: str) -> list[int]:
        """By its own table."""
        return [row.amount_minor for row in await self._rows(key) if row.status in ("succeeded", "refunded")]

    async def given_back(self, key: str) -> int:
        """By its own table."""
        return sum(row.amount_minor for row in await self._rows(key) if row.status == "refunded")

    async def _rows(self, key: str) -> list[object]:
        async with self._shop.runtime.database.read() as reader:
            return await reader.all(select(sandbox_charges).where(sandbox_charges.c.idempotency_key == key))  # type: ignore[return-value]


class StripeBank:
    """The adapter of Stripe, and the double on the other end of the line."""

    def __init__(self, double: StripeDouble, http: httpx.AsyncClient, *, timeout: float = 20) -> None:
        self.double = double
        self.provider: PaymentProvider = StripeProvider(
            StripeApi(http, key=API_KEY, url=double.url, timeout=timeout),
            return_url="http://localhost:8080/account/orders",
            webhook_secret=WEBHOOK_SECRET,
        )

    def token(self, behaviour: str) -> str:
        """Stripe's test methods."""
        return BEHAVIOURS[behaviour][2]

    def enter(self, setup_token: str) -> None:
        """Stripe's form confirms the set-up."""
        state = self.double.state
        setup = state.objects[setup_token].get("setup_intent", setup_token)
        state.set_up(state.get(setup, "setup_intent"), state.get("pm_card_visa", "payment_method"))

    def imported(self, behaviour: str, *, is_attached: bool = False) -> Instrument:
        """Ids of the old shop's account at Stripe, not attached to the customer yet."""
        kind, _, template = BEHAVIOURS[behaviour]
        number = next(IMPORTED)
        customer, method = f"cus_old{number}", f"pm_old{number}"
        self.double.state.import_method(method, customer=customer, template=template, is_attached=is_attached)
        return Instrument("stripe", customer, method, kind, "4242")

    async def losing_answers(self) -> Instrument:
        """The line breaks after Stripe has done its work."""
        instrument = await stored(self, "good")
        self.double.fail_next("lost")
        return instrument

    async def confirm(self, waiting: Outcome, *, accept: bool) -> None:
        """At the page of the bank."""
        self.double.state.authenticate(waiting.reference, accept=accept)

    async def settle(self, pending: Outcome) -> None:
        """The bank decides."""
        self.double.state.settle(pending.reference)

    async def collected(self, key: str) -> list[int]:
        """By what Stripe holds."""
        return [made["amount"] for made in self.double.intents(key) if made["status"] == "succeeded"]

    async def given_back(self, key: str) -> int:
        """By what Stripe holds."""
        return sum(self.double.state.refunded(made["id"]) for made in self.double.intents(key))
