"""A party outside the gateway's walls: services that answer like the real ones, and remember what they were told."""

import re
from typing import Any

import orjson
from aiohttp import web

from tests.gateway.pages import desk
from tests.gateway.pages.deeds import DEEDS

HOSTILE = desk.HOSTILE
NAMES = {"en": "Parts Catalogue", "fr": "Catalogue de pièces", "de": "Teilekatalog", "it": "Catalogo ricambi"}
TERM = {"first_day": "2026-11-01", "last_day": "2027-10-31"}


def euros(amount: int) -> dict[str, Any]:
    """An amount as the services write it."""
    return {"amount": amount, "currency": "EUR"}


def assignment(number: int, **changes: Any) -> dict[str, Any]:
    """A holder of a seat."""
    return {
        "id": f"asg_{number:04}",
        "license_id": "lic_1",
        "product": "parts-catalogue",
        "email": f"colleague{number}@muster.example",
        "first_day": "2026-11-05",
        "last_day": None,
        "seat": number,
        "status": "active",
        "automatic": number == 1,
        "note": None,
        "previous_id": None,
        "created_at": "2026-11-05T09:00:00Z",
        "created_by": "user:acc_1",
        "ended_at": None,
        "ended_by": None,
        "ended_reason": None,
        **changes,
    }


def license_(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A license."""
    return {
        "id": f"lic_{number}",
        "organization_id": "org_1",
        "product": "parts-catalogue",
        "product_name": NAMES,
        "status": "active",
        "term": TERM,
        "renews": True,
        "grace_until": None,
        "quantity": 25,
        "assigned": 4,
        "free": 21,
        "over_quantity": 0,
        "subscription_id": "sub_1",
        "subscription_number": "S-2026-000123",
        "invoice_number": "RE-2026-000001",
        "origin": "transferred",
        "units": None,
        "notices": ["seats_low", "seats_waiting", "expiring"],
        "created_at": "2026-11-05T09:00:00Z",
        **changes,
    }


def product(code: str = "parts-catalogue", **changes: Any) -> dict[str, Any]:
    """A product with its prices."""
    price = {"region": "dach", "tax_mode": "net", "valid_from": "2026-01-01"}
    return {
        "code": code,
        "name": NAMES,
        "description": {**NAMES, "en": "Finds the right part for every vehicle."},
        "applications": ["catalogue"],
        "status": "active",
        "prices": [
            {**price, "interval": "month", "amount": euros(4900)},
            {**price, "interval": "year", "amount": euros(49900)},
        ],
        **changes,
    }


def subscription(**changes: Any) -> dict[str, Any]:
    """A running subscription."""
    return {
        "id": "sub_1",
        "number": "S-2026-000123",
        "product_code": "parts-catalogue",
        "product_name": NAMES,
        "quantity": 5,
        "status": "active",
        "interval": "year",
        "term": TERM,
        "next_renewal_on": "2027-11-01",
        "cancel_at_term_end": False,
        "pending_quantity": None,
        "unit_price": euros(49900),
        "grace_until": None,
        "payment_method_id": "pay_1",
        "invoice_number": "RE-2026-000001",
        "origin": "transferred",
        "transfer_id": "trf_2",
        "held_reason": None,
        "renewal": euros(123_300),
        "promised_renewal": euros(123_000),
        **changes,
    }


METHOD = {
    "id": "pay_1",
    "kind": "card",
    "provider": "sandbox",
    "brand": "visa",
    "last4": "4242",
    "exp_month": 4,
    "exp_year": 2029,
    "mandate": None,
    "is_default": True,
    "origin": "transferred",
    "created_at": "2026-11-05T09:00:00Z",
}
ACCOUNT = {
    **METHOD,
    "id": "pay_2",
    "kind": "sepa_debit",
    "brand": "sepa",
    "last4": "3000",
    "exp_month": None,
    "exp_year": None,
    "mandate": {"reference": "M-77", "signed_on": "2024-02-01"},
    "is_default": False,
}
LINE = {
    "line_no": 1,
    "product_code": "parts-catalogue",
    "product_name": NAMES,
    "description": "",
    "quantity": 5,
    "interval": "year",
    "unit_price": euros(49900),
    "net": euros(249500),
    "subscription_id": "sub_1",
}
TAX = {"category": "S", "rate_percent": 19.0, "country": "DE", "reason": "standard", "amount": euros(47405)}
ORDER = {
    "id": "ord_1",
    "number": "B-2026-000009",
    "organization_id": "org_1",
    "kind": "purchase",
    "status": "paid",
    "origin": "new",
    "currency": "EUR",
    "lines": [LINE],
    "net": euros(249500),
    "tax": TAX,
    "total": euros(296905),
    "purchase_order_number": HOSTILE,
    "payment_method_id": "pay_1",
    "invoice_id": "inv_1",
    "invoice_number": "RE-2026-000001",
    "failure_code": None,
    "action_url": None,
    "placed_at": "2026-11-05T09:00:00Z",
    "paid_at": "2026-11-05T09:00:02Z",
}
QUOTE = {"lines": [LINE], "net": euros(249500), "tax": TAX, "total": euros(296905)}
PREVIEW = {
    "quantity": 8,
    "effective_on": "2026-11-25",
    "charge_now": {"net": euros(10000), "tax": euros(1900), "total": euros(11900)},
    "next_renewal_on": "2027-11-01",
    "renewal": {"net": euros(399200), "tax": euros(75848), "total": euros(475048)},
}
LEGACY_ORDER = {
    "id": "old_1",
    "number": "W-1001",
    "placed_at": None,
    "status": "a-status-of-then",
    "net": None,
    "tax": euros(3610),
    "total": euros(22610),
    "invoice_number": None,
    "is_transferred": True,
    "order_id": "ord_2",
    "lines": [
        {
            "line_no": "1",
            "product_code": "parts-catalogue",
            "product_name": NAMES,
            "description": desk.HOSTILE,
            "quantity": None,
            "unit_price": None,
            "subscription_number": "S-77",
            "one_off_license": {
                "legacy_id": "L1",
                "product_code": "parts-catalogue",
                "product_name": NAMES,
                "quantity": 1,
                "purchased_on": None,
                "until": "2027-01-31",
                "units_total": 10,
                "units_left": 4,
                "has_ended": False,
            },
        }
    ],
}
STAYED = {
    "kind": "one_off_license",
    "legacy_id": "L1",
    "number": None,
    "product_code": "parts-catalogue",
    "product_name": NAMES,
    "code": "one_off",
    "detail": "…",
    "until": "2027-01-31",
    "units_left": 4,
}
TRANSFER = {
    "transferred_at": "2026-11-05T00:00:03Z",
    "transfer_on": "2026-11-05",
    "subscriptions": [
        {
            "id": "sub_1",
            "number": "S-2026-000123",
            "product_code": "parts-catalogue",
            "product_name": NAMES,
            "quantity": 25,
            "next_renewal_on": "2027-11-01",
            "next_charge": euros(1247500),
        }
    ],
    "payment_methods": [{"id": "pay_1", "kind": "card", "label": "Visa 4242"}],
    "orders_moved": 2,
    "orders_in_archive": 9,
    "seats": 25,
    "seats_assigned": 1,
    "seats_waiting": 24,
    "stayed": [
        STAYED,
        {
            **STAYED,
            "kind": "order",
            "number": "W-7",
            "product_code": None,
            "product_name": None,
            "code": "order_of_nothing_moved",
            "until": None,
            "units_left": None,
        },
    ],
}
ME = {
    "id": "acc_1",
    "email": "anna@muster.example",
    "name": f"Anna {HOSTILE}",
    "locale": "de",
    "status": "active",
    "operator_roles": [],
    "organization_id": "org_1",
    "organizations": [
        {"id": "org_1", "name": f"Muster GmbH {HOSTILE}", "roles": ["owner"], "active": True},
        {"id": "org_2", "name": "Zweite AG", "roles": ["member"], "active": False},
    ],
    "mfa": {"enabled": False, "recovery_codes_left": 0},
    "created_at": "2026-11-05T09:00:00Z",
}
CUSTOMER = {
    "organization_id": "org_1",
    "company": f"Muster GmbH {HOSTILE}",
    "email": "anna@muster.example",
    "first_name": "Anna",
    "last_name": "Muster",
    "billing_address": {"street": "Ringstr. 1", "postal_code": "50667", "city": "Köln", "country": "DE"},
    "phone": "+49 221 1",
    "country": "DE",
    "region": "dach",
    "currency": "EUR",
    "locale": "de",
    "time_zone": "Europe/Berlin",
    "vat_id": "DE136695976",
    "vat_status": "valid_form",
    "status": "active",
    "origin": "transferred",
}
MEMBERS = [
    {
        "id": f"mem_{status}",
        "organization_id": "org_1",
        "account_id": f"acc_{status}",
        "email": f"{status}@muster.example",
        "name": HOSTILE if status == "active" else "",
        "roles": ["owner", "license_manager"] if status == "active" else ["member"],
        "status": status,
        "created_at": "2026-11-05T09:00:00Z",
    }
    for status in ("active", "invited", "disabled")
]
PREFERENCES = {
    "email": "anna@muster.example",
    "categories": [
        {"code": "account", "name": "Account", "description": "…", "mandatory": True, "enabled": True},
        {"code": "service", "name": "Hints", "description": "…", "mandatory": False, "enabled": True},
        *[
            {"code": code, "name": code, "description": "…", "mandatory": False, "enabled": False}
            for code in ("seats_low", "seats_waiting", "license_expiring")
        ],
    ],
}


def tile(code: str, category: str = "applications", **changes: Any) -> dict[str, Any]:
    """A tile of the App Portal."""
    return {
        "id": f"app_{code}",
        "code": code,
        "name": code.title(),
        "description": f"What {code} does",
        "icon": None,
        "category": category,
        "launch_url": f"https://{code}.example/",
        "reason": "assigned",
        "valid_until": None,
        **changes,
    }


def listed(*items: Any) -> dict[str, Any]:
    """A page of a list."""
    return {"items": list(items), "next_cursor": None}


def counted(*items: Any, total: int | None = None) -> dict[str, Any]:
    """A page of a list that says how many there are in all."""
    return {**listed(*items), "total": len(items) if total is None else total}


def seats_in_use(**more: Any) -> tuple[int, dict[str, Any]]:
    """The shop's question which of two seats is given up."""
    holders = (assignment(1), assignment(2, email="zoe@muster.example", last_day="2028-01-31"))
    names = ("id", "email", "seat", "first_day", "last_day")
    candidates = [{name: holder[name] for name in names} for holder in holders]
    numbers = {"quantity": 1, "seats_in_use": 2, "to_release": 1}
    return refusal("seats-in-use", 409, candidates=candidates, **numbers, **more)


def answers() -> dict[str, Any]:
    """What each address answers to GET."""
    return {
        "/me": ME,
        "/organizations/org_1": {"id": "org_1", "name": "Muster GmbH", "time_zone": "Europe/Berlin"},
        "/apps": listed(
            tile("catalogue", valid_until="2026-12-10T23:00:00Z"),
            tile("repair", name=HOSTILE, reason="one_off"),
            tile("fleet", reason="grace", launch_url="javascript:alert(1)"),
            tile("shop", "account", launch_url="/shop", reason="role"),
            tile("license-management", "account", launch_url="/licenses", reason="role"),
            tile("legacy-archive", "account", launch_url="/account/orders/legacy", reason="role"),
        ),
        "/licenses": listed(
            license_(),
            license_(2, status="grace", quantity=1, assigned=1, free=0),
            license_(3, origin="one_off", status="active", units={"total": 100, "used": 40, "left": 60}),
            license_(4, status="ended"),
        ),
        "/licenses/lic_1": license_(),
        "/licenses/lic_3": license_(3, origin="one_off", units={"total": 100, "used": 40, "left": 60}),
        "/licenses/lic_1/assignments": counted(
            assignment(1),
            assignment(2, status="scheduled", first_day="2027-01-01", last_day="2027-03-31"),
            assignment(3, email=f'"{HOSTILE}"@muster.example'),
            assignment(4, status="deactivated", ended_reason="deactivated"),
        ),
        "/licenses/lic_3/assignments": counted(),
        "/licenses/lic_1/history": listed(*DEEDS),
        "/assignments/asg_0001": assignment(1),
        "/products": listed(product(), product("repair-times", prices=[]), product("odd", name=HOSTILE)),
        "/products/parts-catalogue": product(),
        "/products/repair-times": product("repair-times", prices=[]),
        "/wishlist": listed(
            {"product_code": "parts-catalogue", "added_at": "2026-11-05T09:00:00Z", "product": product()},
            {"product_code": HOSTILE, "added_at": "2026-11-05T09:00:00Z", "product": None},
        ),
        "/payment-methods": listed(METHOD, ACCOUNT),
        "/orders": listed(ORDER, {**ORDER, "id": "ord_2", "kind": "transferred", "origin": "transferred"}),
        "/orders/ord_1": ORDER,
        "/orders/ord_3": {
            **ORDER,
            "id": "ord_3",
            "status": "action_required",
            "action_url": "http://localhost:8080/api/v1/sandbox/payment-actions/ch_1",
        },
        "/orders/ord_4": {**ORDER, "id": "ord_4", "status": "failed", "failure_code": "card_declined"},
        "/legacy-orders": listed(LEGACY_ORDER),
        "/legacy-orders/old_1": LEGACY_ORDER,
        "/transfer": TRANSFER,
        "/invoices/inv_1": {"id": "inv_1", "number": "RE-2026-000001", "order_id": "ord_1"},
        "/subscriptions": listed(
            subscription(held_reason="amount_differs_from_dry_run"), subscription(id="sub_2", status="ended")
        ),
        "/subscriptions/sub_1": subscription(),
        "/subscriptions/sub_3": subscription(
            id="sub_3", status="past_due", cancel_at_term_end=True, grace_until="2026-12-16"
        ),
        "/subscriptions/sub_4": subscription(
            id="sub_4", status="past_due", grace_until="2026-12-16", ends_unpaid_on="2026-12-30"
        ),
        "/customer": CUSTOMER,
        "/members": listed(*MEMBERS),
        "/me/notification-preferences": PREFERENCES,
        **desk.ANSWERS,
    }


class Services:
    """The stand-in: `answers` by path, `refusals` by method and path, `told` and `asked` in the order it came."""

    def __init__(self) -> None:
        self.answers = answers()
        self.refusals: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        self.posts: dict[str, Any] = {
            "/orders/quote": QUOTE,
            "/subscriptions/sub_1/preview-change": PREVIEW,
            "/transfer-waves/wav_1/check": desk.CHECK,
        }
        self.told: list[tuple[str, str, Any, str | None]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        path = re.sub("^/api/v1", "", request.path)
        refused = self.refusals.get((request.method, path))
        if refused is not None:
            return _json({"type": "…", **refused[1]}, refused[0], "application/problem+json")
        if request.method == "GET":
            self.asked.append((path, dict(request.query)))
            if path not in self.answers:
                problem = {"type": "http://localhost:8080/problems/not-found", "status": 404, "title": "Not found"}
                return _json(problem, 404, "application/problem+json")
            answer = self.answers[path]
            if isinstance(answer, bytes):
                return web.Response(body=answer, content_type="application/octet-stream")
            return _json(answer)
        body = await request.read()
        kind = request.content_type
        told = orjson.loads(body) if body and kind == "application/json" else (kind, body) if body else None
        self.told.append((request.method, path, told, request.headers.get("Idempotency-Key")))
        return _json(self.posts.get(path, {"id": "new_1"}))


def refusal(code: str, status: int, **more: Any) -> tuple[int, dict[str, Any]]:
    """A problem as the services write it."""
    problem = {"type": f"http://localhost:8080/problems/{code}", "title": code, "status": status, "detail": code}
    return status, {**problem, **more}


def _json(content: Any, status: int = 200, kind: str = "application/json") -> web.Response:
    return web.Response(body=orjson.dumps(content), status=status, content_type=kind)
