"""The addresses of the double of Stripe, and what is done at each."""

import re
from collections.abc import Callable
from typing import Any

from tests.harness.stripe_state import Object, StripeState, invalid

Params = dict[str, Any]


def _new_customer(state: StripeState, params: Params) -> Object:
    return state.new("cus", "customer", metadata=params.get("metadata", {}))


def _search(kind: str) -> Callable[[StripeState, Params], Object]:
    def search(state: StripeState, params: Params) -> Object:
        field, value = re.fullmatch(r"metadata\['(\w+)'\]:'([^']*)'", params["query"]).groups()  # type: ignore[union-attr]
        hits = [made for made in state.all(kind) if made["metadata"].get(field) == value]
        return {"data": [made for made in hits if made["id"] in state.searchable]}

    return search


def _new_method(state: StripeState, params: Params) -> Object:
    return state.get(params["card"]["token"], "payment_method")


def _detach(state: StripeState, params: Params, method_id: str) -> Object:
    method = state.get(method_id, "payment_method")
    if method["customer"] is None:
        raise invalid("payment_method_unexpected_state")
    method["customer"] = None
    return method


def _new_setup(state: StripeState, params: Params) -> Object:
    state.get(params["customer"], "customer")
    intent = state.new("seti", "setup_intent", customer=params["customer"], status="requires_payment_method")
    intent |= {"mandate": None, "client_secret": f"{intent['id']}_secret"}
    if params.get("confirm") == "true":
        state.set_up(intent, state.get(params["payment_method"], "payment_method"))
    return intent


def _new_session(state: StripeState, params: Params) -> Object:
    if params["mode"] != "setup" or "{CHECKOUT_SESSION_ID}" not in params["success_url"]:
        raise invalid("parameter_invalid")
    setup = _new_setup(state, {"customer": params["customer"]})
    session = state.new("cs", "checkout.session", customer=params["customer"], setup_intent=setup["id"])
    return session | {"url": f"https://checkout.example/c/{session['id']}"}


def _get_setup(state: StripeState, params: Params, setup_id: str) -> Object:
    intent = dict(state.get(setup_id, "setup_intent"))
    if intent.get("payment_method"):
        intent["payment_method"] = state.get(intent["payment_method"], "payment_method")
    return intent


def _new_intent(state: StripeState, params: Params) -> Object:
    method = state.get(params["payment_method"], "payment_method")
    if method["type"] not in params["payment_method_types"] or int(params["amount"]) <= 0:
        raise invalid("parameter_invalid")
    intent = state.new(
        "pi",
        "payment_intent",
        amount=int(params["amount"]),
        currency=params["currency"],
        customer=params["customer"],
        metadata=params["metadata"],
        status="requires_confirmation",
    )
    return state.confirm(intent, method, off_session=params.get("off_session") == "true", return_url=None)


def _confirm(state: StripeState, params: Params, intent_id: str) -> Object:
    intent = state.get(intent_id, "payment_intent")
    if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
        raise invalid("payment_intent_unexpected_state")
    method = state.get(params["payment_method"], "payment_method")
    is_off_session = params.get("off_session") == "true"
    return state.confirm(intent, method, off_session=is_off_session, return_url=params.get("return_url"))


def _list_intents(state: StripeState, params: Params) -> Object:
    mine = [made for made in state.all("payment_intent") if made["customer"] == params["customer"]]
    return {"data": mine[: int(params["limit"])]}


def _refund(state: StripeState, params: Params) -> Object:
    amount = int(params["amount"]) if "amount" in params else None
    return state.refund(state.get(params["payment_intent"], "payment_intent"), amount)


def _get(kind: str) -> Callable[[StripeState, Params, str], Object]:
    return lambda state, params, identifier: state.get(identifier, kind)


ROUTES: list[tuple[str, str, Callable[..., Object]]] = [
    ("POST", "customers", _new_customer),
    ("GET", "customers/search", _search("customer")),
    ("POST", "payment_methods", _new_method),
    ("GET", r"payment_methods/([^/]+)", _get("payment_method")),
    ("POST", r"payment_methods/([^/]+)/attach", lambda s, p, i: s.attach(s.get(i, "payment_method"), p["customer"])),
    ("POST", r"payment_methods/([^/]+)/detach", _detach),
    ("POST", "setup_intents", _new_setup),
    ("POST", "checkout/sessions", _new_session),
    ("GET", r"checkout/sessions/([^/]+)", _get("checkout.session")),
    ("GET", r"setup_intents/([^/]+)", _get_setup),
    ("GET", r"mandates/([^/]+)", _get("mandate")),
    ("POST", "payment_intents", _new_intent),
    ("GET", "payment_intents", _list_intents),
    ("GET", "payment_intents/search", _search("payment_intent")),
    ("GET", r"payment_intents/([^/]+)", _get("payment_intent")),
    ("POST", r"payment_intents/([^/]+)/confirm", _confirm),
    ("POST", r"payment_intents/([^/]+)/cancel", lambda s, p, i: s.cancel(s.get(i, "payment_intent"))),
    ("POST", "refunds", _refund),
]
