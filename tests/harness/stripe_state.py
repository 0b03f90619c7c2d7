"""What the double of Stripe remembers, and how its cards and accounts behave. Written from Stripe's public reference."""

from collections.abc import Iterator
from itertools import count
from typing import Any

Object = dict[str, Any]

CARDS = {
    "pm_card_visa": "4242",
    "pm_card_visa_chargeDeclined": "0002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "9995",
    "pm_card_chargeDeclinedStolenCard": "9979",
    "pm_card_authenticationRequired": "3184",
    "tok_visa": "4242",
}
ACCOUNTS = {"pm_sepa_debit": "3000", "pm_sepa_debit_returned": "3001"}
DECLINES = {"0002": "generic_decline", "9995": "insufficient_funds", "9979": "stolen_card"}
NEEDS_PAYER = "3184"
CANCELLABLE = ("requires_action", "requires_payment_method", "requires_confirmation")


class StripeError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, **error: Any) -> None:
        super().__init__(error.get("code"))
        self.status = status
        self.body = {"error": error}


def invalid(code: str, *, status: int = 400) -> StripeError:
    """The request is not one that Stripe carries out."""
    return StripeError(status, type="invalid_request_error", code=code, message=code)


class StripeState:
    """Customers, methods, set-ups, intents and refunds of one account."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)
        self.objects: dict[str, Object] = {}
        self.searchable: set[str] = set()
        """The search is late: it knows what is in here."""

    def new(self, prefix: str, kind: str, **fields: Any) -> Object:
        """Store an object."""
        number = next(self._numbers)
        made = {"id": f"{prefix}_1Portico{number}Double", "object": kind, "created": number, "metadata": {}, **fields}
        self.objects[made["id"]] = made
        return made

    def get(self, identifier: str, kind: str) -> Object:
        """An object, a test method's template among them. Answers 404 for others."""
        if kind == "payment_method" and identifier in (CARDS | ACCOUNTS):
            return self._method(identifier)
        found = self.objects.get(identifier)
        if found is None or found["object"] != kind:
            raise invalid("resource_missing", status=404)
        return found

    def all(self, kind: str) -> Iterator[Object]:
        """Objects of a kind, newest first."""
        return (made for made in reversed(list(self.objects.values())) if made["object"] == kind)

    def import_method(self, method: str, *, customer: str, template: str, is_attached: bool) -> None:
        """A customer and a method that came with the old shop's account, ids included."""
        self.objects[customer] = {"id": customer, "object": "customer", "created": 0, "metadata": {}}
        made = self._method(template)
        del self.objects[made["id"]]
        self.objects[method] = made | {"id": method, "customer": customer if is_attached else None}
        if made["type"] == "sepa_debit":
            self._mandate(method)

    def attach(self, method: Object, customer: str) -> Object:
        """A method belongs to one customer, for ever."""
        self.get(customer, "customer")
        if method["customer"] not in (None, customer):
            raise invalid("payment_method_unexpected_state")
        method["customer"] = customer
        return method

    def set_up(self, intent: Object, method: Object) -> Object:
        """The payer filled the form in, or we signed for them."""
        self.attach(method, intent["customer"])
        mandate = self._mandate(method["id"])["id"] if method["type"] == "sepa_debit" else None
        intent |= {"status": "succeeded", "payment_method": method["id"], "mandate": mandate}
        self.objects[intent["id"]] = intent
        return intent

    def confirm(self, intent: Object, method: Object, *, off_session: bool, return_url: str | None) -> Object:
        """Ask the bank. Raises 402 when it refuses."""
        if method["customer"] != intent["customer"]:
            raise invalid("payment_method_not_attached")
        last4 = method[method["type"]]["last4"]
        intent |= {"payment_method": method["id"], "last_payment_error": None, "next_action": None}
        if method["type"] == "sepa_debit":
            if not any(made["payment_method"] == method["id"] for made in self.all("mandate")):
                raise invalid("payment_intent_mandate_invalid")
            return self._stand(intent, "processing")
        if last4 in DECLINES:
            raise self._declined(intent, "card_declined", DECLINES[last4])
        if last4 == NEEDS_PAYER:
            if off_session:
                raise self._declined(intent, "authentication_required", "authentication_required")
            page = {"url": f"{self._url}/authenticate/{intent['id']}", "return_url": return_url}
            intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": page}
            return self._stand(intent, "requires_action")
        return self._stand(intent, "succeeded")

    def authenticate(self, intent_id: str, *, accept: bool) -> Object:
        """The payer at the bank's page."""
        intent = self.get(intent_id, "payment_intent")
        assert intent["status"] == "requires_action", intent
        intent["next_action"] = None
        if accept:
            return self._stand(intent, "succeeded")
        intent["last_payment_error"] = {"type": "card_error", "code": "payment_intent_authentication_failure"}
        return self._stand(intent, "requires_payment_method")

    def settle(self, intent_id: str) -> Object:
        """Some days later: the debit came through, or the bank gave it back."""
        intent = self.get(intent_id, "payment_intent")
        assert intent["status"] == "processing", intent
        method = self.get(intent["payment_method"], "payment_method")
        if method["sepa_debit"]["last4"] != "3001":
            return self._stand(intent, "succeeded")
        intent["last_payment_error"] = {
            "type": "invalid_request_error",
            "code": "payment_intent_payment_attempt_failed",
            "payment_method": method,
        }
        return self._stand(intent, "requires_payment_method")

    def cancel(self, intent: Object) -> Object:
        """Only what has not gone through can be given up."""
        if intent["status"] not in CANCELLABLE:
            raise invalid("payment_intent_unexpected_state")
        return self._stand(intent, "canceled")

    def refund(self, intent: Object, amount: int | None) -> Object:
        """Never more than was collected."""
        if intent["status"] != "succeeded":
            raise invalid("charge_not_captured")
        left = intent["amount"] - self.refunded(intent["id"])
        if left == 0:
            raise invalid("charge_already_refunded")
        if amount is not None and amount > left:
            raise invalid("amount_too_large")
        return self.new("re", "refund", amount=amount or left, payment_intent=intent["id"], status="succeeded")

    def refunded(self, intent_id: str) -> int:
        """What was given back of an intent."""
        return sum(made["amount"] for made in self.all("refund") if made["payment_intent"] == intent_id)

    def _method(self, template: str) -> Object:
        if template in CARDS:
            card = {"brand": "visa", "last4": CARDS[template], "exp_month": 8, "exp_year": 2033}
            return self.new("pm", "payment_method", type="card", card=card, customer=None)
        account = {"last4": ACCOUNTS[template], "country": "DE", "bank_code": "37040044"}
        return self.new("pm", "payment_method", type="sepa_debit", sepa_debit=account, customer=None)

    def _mandate(self, method: str) -> Object:
        mandate = self.new("mandate", "mandate", payment_method=method, customer_acceptance={"type": "offline"})
        mandate["payment_method_details"] = {
            "type": "sepa_debit",
            "sepa_debit": {"reference": f"REF{mandate['created']}"},
        }
        return mandate

    def _stand(self, intent: Object, status: str) -> Object:
        intent["status"] = status
        return intent

    def _declined(self, intent: Object, code: str, decline_code: str) -> StripeError:
        error = {"type": "card_error", "code": code, "decline_code": decline_code}
        intent["last_payment_error"] = dict(error)
        self._stand(intent, "requires_payment_method")
        return StripeError(402, **error, payment_intent=dict(intent))
