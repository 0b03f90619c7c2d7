"""Stripe behind the port. Our key is the intent's `metadata.reference`: by it a charge is found when an answer is lost.

Two things keep a key from collecting twice. For a day Stripe answers a repeated `Idempotency-Key` with what it answered
first; for ever, `find` sees what was collected, and the shop asks it before it repeats anything.
"""

from collections.abc import Mapping

import orjson

from chassis.kernel.clock import Clock, SystemClock
from chassis.kernel.money import Money
from shop.payments.provider import (
    Attached,
    Callback,
    CallbackRefused,
    FailureKind,
    Instrument,
    Outcome,
    RefundRefused,
    Setup,
    Status,
)
from shop.payments.providers.stripe_api import CardRefused, Object, RequestRefused, StripeApi, part
from shop.payments.providers.stripe_methods import StripeMethods
from shop.payments.providers.stripe_outcomes import (
    declined,
    is_unconfirmed,
    may_be_cancelled,
    most_telling,
    outcome_of,
    wants_payer,
)
from shop.payments.providers.stripe_signature import verify

LISTED = 100


class StripeProvider:
    """See `PaymentProvider` and `CallsBack` for what each call promises."""

    def __init__(
        self,
        api: StripeApi,
        *,
        return_url: str,
        webhook_secret: str = "",
        name: str = "stripe",
        clock: Clock | None = None,
        wall_clock: Clock | None = None,
    ) -> None:
        self._api = api
        self._return_url = return_url
        self._webhook_secret = webhook_secret
        # Stripe signs with the real time, whatever the business clock of a test installation says.
        self._wall_clock = wall_clock or SystemClock()
        self._methods = StripeMethods(api, name=name, clock=clock or self._wall_clock)

    async def start_setup(
        self, *, customer: str, known_as: str | None, kind: str | None, return_url: str | None
    ) -> Setup:
        """A SetupIntent whose client secret opens Stripe's form; or a page at Stripe that needs no script of ours."""
        return await self._methods.start_setup(customer=customer, known_as=known_as, kind=kind, return_url=return_url)

    async def attach(self, *, token: str, customer: str, known_as: str | None, kind: str | None) -> Attached:
        """Store what was entered in Stripe's form."""
        return await self._methods.attach(token=token, customer=customer, known_as=known_as, kind=kind)

    async def detach(self, instrument: Instrument) -> None:
        """Forget the method."""
        await self._methods.detach(instrument)

    async def charge(self, *, key: str, instrument: Instrument, amount: Money, description: str) -> Outcome:
        """An intent, confirmed off session. Where the bank wants the payer, again with a page for them."""
        missing = await self._methods.make_chargeable(instrument)
        if missing is not None:
            return Outcome(Status.DECLINED, "", missing, failure_kind=FailureKind.HARD)
        try:
            intent = await self._api.post(
                "payment_intents", _intent(key, instrument, amount, description), key=f"charge:{key}"
            )
        except CardRefused as refusal:
            if refusal.intent is None:
                return declined("", refusal.error)
            intent = refusal.intent
        except RequestRefused:
            return Outcome(Status.DECLINED, "", "not_accepted", failure_kind=FailureKind.HARD)
        return await self._go_on(intent, key, instrument)

    async def find(self, key: str, instrument: Instrument) -> Outcome | None:
        """How the intent stands; one that Stripe kept unconfirmed is confirmed now."""
        intent = await self._find(key, instrument)
        return await self._go_on(intent, key, instrument) if intent else None

    async def abandon(self, key: str, instrument: Instrument) -> Outcome | None:
        """Cancel the intent while it waits; Stripe refuses when it went through at this very moment."""
        intent = await self._find(key, instrument)
        if intent is None:
            return None
        if may_be_cancelled(intent):
            path = f"payment_intents/{part(intent['id'])}"
            try:
                params = {"cancellation_reason": "abandoned"}
                intent = await self._api.post(f"{path}/cancel", params, key=f"abandon:{key}")
            except RequestRefused:
                intent = await self._api.get(path)
        return outcome_of(intent)

    async def refund(self, *, key: str, reference: str) -> None:
        """Give back the whole intent."""
        try:
            await self._api.post("refunds", {"payment_intent": reference}, key=f"refund:{key}")
        except RequestRefused as refusal:
            if refusal.code != "charge_already_refunded":
                raise RefundRefused(refusal.code) from refusal
        except CardRefused as refusal:
            raise RefundRefused(str(refusal)) from refusal

    def read_callback(self, *, body: bytes, headers: Mapping[str, str]) -> Callback:
        """An event of Stripe. Only what it is about is taken from it: how the charge stands is asked for."""
        verify(body, headers.get("stripe-signature", ""), secret=self._webhook_secret, now=self._wall_clock.now())
        try:
            event = orjson.loads(body)
            about = event["data"]["object"]
            key = about.get("metadata", {}).get("reference") if about.get("object") == "payment_intent" else None
            return Callback(str(event["id"]), str(event["type"]), key)
        except (ValueError, KeyError, TypeError, AttributeError) as unreadable:
            raise CallbackRefused from unreadable

    async def _find(self, key: str, instrument: Instrument) -> Object | None:
        """The customer's newest intents are listed as they are this second; the search knows all, a minute late."""
        if instrument.customer:
            recent = await self._api.get("payment_intents", {"customer": instrument.customer, "limit": LISTED})
            if found := most_telling([intent for intent in recent["data"] if _is_about(intent, key)]):
                return found
        query = {"query": f"metadata['reference']:'{key}'", "limit": LISTED}
        found = await self._api.get("payment_intents/search", query)
        return most_telling([intent for intent in found["data"] if _is_about(intent, key)])

    async def _go_on(self, intent: Object, key: str, instrument: Instrument) -> Outcome:
        if is_unconfirmed(intent):
            intent = await self._confirm(intent, instrument, key=f"resume:{key}", params={"off_session": "true"})
        if wants_payer(intent):
            on_session = {"return_url": self._return_url}
            intent = await self._confirm(intent, instrument, key=f"ask-payer:{key}", params=on_session)
        return outcome_of(intent)

    async def _confirm(self, intent: Object, instrument: Instrument, *, key: str, params: dict[str, str]) -> Object:
        path = f"payment_intents/{part(intent['id'])}"
        try:
            return await self._api.post(f"{path}/confirm", {"payment_method": instrument.method, **params}, key=key)
        except CardRefused as refusal:
            return refusal.intent or await self._api.get(path)
        except RequestRefused:
            return await self._api.get(path)


def _intent(key: str, instrument: Instrument, amount: Money, description: str) -> dict[str, str | int | list[str]]:
    params: dict[str, str | int | list[str]] = {
        "amount": amount.amount,
        "currency": amount.currency.lower(),
        "customer": instrument.customer,
        "payment_method": instrument.method,
        "payment_method_types[]": [instrument.kind],
        "confirm": "true",
        "off_session": "true",
        "description": description,
        "metadata[reference]": key,
    }
    if instrument.mandate and instrument.mandate.startswith("mandate_"):
        params["mandate"] = instrument.mandate
    return params


def _is_about(intent: Object, key: str) -> bool:
    return (intent.get("metadata") or {}).get("reference") == key
