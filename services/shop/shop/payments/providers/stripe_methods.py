"""Cards and SEPA mandates at Stripe: entered in Stripe's form, or imported from the old shop's account."""

from datetime import UTC, date, datetime

from chassis.kernel.clock import Clock
from chassis.kernel.ids import new_id
from chassis.ops.logging import get_logger
from shop.payments.provider import Attached, Instrument, Setup, TokenRefused, with_token
from shop.payments.providers.stripe_api import CardRefused, Object, RequestRefused, StripeApi, part

log = get_logger(__name__)

CARD, SEPA = "card", "sepa_debit"


class StripeMethods:
    """Customers and their methods at Stripe. A customer of ours is found again by its `organization_id`."""

    def __init__(self, api: StripeApi, *, name: str, clock: Clock) -> None:
        self._api = api
        self._name = name
        self._clock = clock

    async def start_setup(
        self, *, customer: str, known_as: str | None, kind: str | None, return_url: str | None
    ) -> Setup:
        """Either way Stripe asks for strong authentication right away where the bank wants it."""
        try:
            owner = known_as or await self._customer(customer)
            wanted: dict[str, str | int | list[str]] = {
                "customer": owner,
                "payment_method_types[]": [kind] if kind else [CARD, SEPA],
            }
            if return_url is not None:
                return await self._page(wanted, return_url)
            intent = await self._api.post("setup_intents", wanted | {"usage": "off_session"}, key=new_id("set"))
        except RequestRefused as refusal:
            raise TokenRefused from refusal
        return Setup(intent["id"], intent["client_secret"], None)

    async def attach(self, *, token: str, customer: str, known_as: str | None, kind: str | None) -> Attached:
        """Takes a finished set-up (`seti_…`, `cs_…` from Stripe's page), a method (`pm_…`), a card token (`tok_…`)."""
        try:
            owner = known_as or await self._customer(customer)
            if token.startswith("seti_"):
                return await self._from_setup(token, owner, kind)
            if token.startswith("cs_"):
                session = await self._api.get(f"checkout/sessions/{part(token)}")
                return await self._from_setup(str(session.get("setup_intent") or ""), owner, kind)
            if token.startswith("pm_"):
                return await self._from_method(await self._api.get(f"payment_methods/{part(token)}"), owner, kind)
            if token.startswith("tok_"):
                params = {"type": CARD, "card[token]": token}
                return await self._from_method(
                    await self._api.post("payment_methods", params, key=f"card:{token}"), owner, kind
                )
        except (RequestRefused, CardRefused) as refusal:
            raise TokenRefused from refusal
        raise TokenRefused

    async def detach(self, instrument: Instrument) -> None:
        """Forget the method."""
        path = f"payment_methods/{part(instrument.method)}/detach"
        try:
            await self._api.post(path, {}, key=f"detach:{instrument.method}")
        except RequestRefused:
            return

    async def make_chargeable(self, instrument: Instrument) -> str | None:
        """Attach an imported method that nobody has attached yet; why it cannot be charged, or None.

        The method itself is never made anew: card and mandate stay those the customer gave the old shop.
        """
        try:
            method = await self._api.get(f"payment_methods/{part(instrument.method)}")
            if method.get("customer") is None:
                method = await self._attach(method, instrument.customer)
        except (RequestRefused, CardRefused):
            return "payment_method_missing"
        if method.get("customer") != instrument.customer:
            log.error("stripe.foreign_method", method=instrument.method)
            return "payment_method_missing"
        return None

    async def _customer(self, organization_id: str) -> str:
        """Search first: it forgets nothing but is a minute late. The key covers that minute, and the day after."""
        found = await self._api.get(
            "customers/search", {"query": f"metadata['organization_id']:'{organization_id}'", "limit": 1}
        )
        if found["data"]:
            return str(found["data"][0]["id"])
        params = {"metadata[organization_id]": organization_id}
        created = await self._api.post("customers", params, key=f"customer:{organization_id}")
        return str(created["id"])

    async def _page(self, wanted: dict[str, str | int | list[str]], return_url: str) -> Setup:
        """Stripe puts the session's id in the place that its address leaves for it."""
        places = {"success_url": with_token(return_url, "{CHECKOUT_SESSION_ID}"), "cancel_url": return_url}
        session = await self._api.post("checkout/sessions", wanted | {"mode": "setup"} | places, key=new_id("set"))
        return Setup(session["id"], None, session["url"])

    async def _from_setup(self, token: str, owner: str, kind: str | None) -> Attached:
        params: dict[str, str | int | list[str]] = {"expand[]": ["payment_method"]}
        intent = await self._api.get(f"setup_intents/{part(token)}", params)
        if intent["status"] != "succeeded" or intent.get("customer") != owner:
            raise TokenRefused
        return await self._attached(intent["payment_method"], owner, kind, mandate=intent.get("mandate"))

    async def _from_method(self, method: Object, owner: str, kind: str | None) -> Attached:
        if method.get("customer") not in (None, owner) or (kind is not None and method["type"] != kind):
            raise TokenRefused
        if method.get("customer") is None:
            method = await self._attach(method, owner)
        mandate = await self._sign_mandate(method, owner) if method["type"] == SEPA else None
        return await self._attached(method, owner, kind, mandate=mandate)

    async def _attach(self, method: Object, owner: str) -> Object:
        identifier = method["id"]
        return await self._api.post(
            f"payment_methods/{part(identifier)}/attach", {"customer": owner}, key=f"attach:{owner}:{identifier}"
        )

    async def _sign_mandate(self, method: Object, owner: str) -> str | None:
        """The customer agreed on our page, not in Stripe's form: Stripe calls that an offline acceptance."""
        intent = await self._api.post(
            "setup_intents",
            {
                "customer": owner,
                "payment_method": method["id"],
                "payment_method_types[]": [SEPA],
                "usage": "off_session",
                "confirm": "true",
                "mandate_data[customer_acceptance][type]": "offline",
            },
            key=f"mandate:{method['id']}",
        )
        return intent.get("mandate")

    async def _attached(self, method: Object, owner: str, kind: str | None, *, mandate: str | None) -> Attached:
        is_account = method["type"] == SEPA
        if method["type"] not in (CARD, SEPA) or (kind is not None and method["type"] != kind):
            raise TokenRefused
        reference, signed_on = await self._mandate(mandate) if is_account else (None, None)
        details = method[method["type"]]
        brand = "sepa" if is_account else str(details.get("brand") or "")
        last4 = str(details.get("last4") or "")
        return Attached(
            instrument=Instrument(self._name, owner, method["id"], method["type"], last4, brand, reference),
            brand=brand,
            exp_month=details.get("exp_month"),
            exp_year=details.get("exp_year"),
            mandate_reference=reference,
            mandate_signed_on=signed_on,
        )

    async def _mandate(self, mandate: str | None) -> tuple[str, date]:
        if mandate is None:
            raise TokenRefused
        found = await self._api.get(f"mandates/{part(mandate)}")
        accepted_at = (found.get("customer_acceptance") or {}).get("accepted_at")
        signed_at = datetime.fromtimestamp(accepted_at, UTC) if accepted_at else self._clock.now()
        return str(found["payment_method_details"][SEPA]["reference"]), signed_at.date()
