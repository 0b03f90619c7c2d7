"""A shop with something to sell and customers to sell it to; the callers that tests need."""

from typing import Any

import httpx
from sqlalchemy import text

from chassis.kernel.ids import new_id
from tests.harness.eventually import eventually
from tests.harness.service import RunningService

BUYER_SCOPES = "catalog:read orders:read orders:write payment_methods:write"


class Customer:
    """An organization with a buyer, and calls in their name."""

    def __init__(self, shop: RunningService, organization_id: str, email: str) -> None:
        self.shop = shop
        self.id = organization_id
        self.email = email
        self.buyer = shop.client(scopes=BUYER_SCOPES, org=organization_id, roles=("owner",), email=email)

    async def card(self, token: str = "tok_visa") -> str:
        """A new payment method; its id."""
        answer = await self.buyer.post("/api/v1/payment-methods", json={"token": token})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def order(self, *lines: dict[str, Any], card: str | None = None, **fields: Any) -> httpx.Response:
        """Place an order; by default one yearly seat of the product `cad`, paid by a new card."""
        wanted = list(lines) or [line()]
        method = card or await self.card()
        body = {"lines": wanted, "payment_method_id": method, **fields}
        return await self.buyer.post("/api/v1/orders", json=body)

    async def subscribe(self, *, card: str | None = None, **fields: Any) -> dict[str, Any]:
        """Buy one line; the subscription that begins."""
        answer = await self.order(line(**fields), card=card)
        assert answer.status_code == 201, answer.text
        return await self.subscription(answer.json()["lines"][0]["subscription_id"])

    async def subscription(self, subscription_id: str) -> dict[str, Any]:
        """A subscription as its buyer sees it."""
        answer = await self.buyer.get(f"/api/v1/subscriptions/{subscription_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def orders(self, **filters: Any) -> list[dict[str, Any]]:
        """The order history, newest first."""
        answer = await self.buyer.get("/api/v1/orders", params={"limit": 200, **filters})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])


def line(product_code: str = "cad", interval: str | None = "year", quantity: int = 1) -> dict[str, Any]:
    """A line of an order."""
    return {"product_code": product_code, "interval": interval, "quantity": quantity}


async def open_market(shop: RunningService) -> None:
    """Two regions with their own currency, and the products `cad` (both), `plan` (Europe) and `usa-only`."""
    operator = shop.operator()
    regions = [
        ("eu", ["DE", "FR", "AT", "IT"], "EUR", "net", "Europe/Berlin"),
        ("us", ["US"], "USD", "net", "America/New_York"),
        ("ch", ["CH"], "CHF", "gross", "Europe/Zurich"),
    ]
    for code, countries, currency, tax_mode, time_zone in regions:
        body = {
            "code": code,
            "name": code.upper(),
            "countries": countries,
            "currency": currency,
            "tax_mode": tax_mode,
            "default_locale": "de" if code != "us" else "en",
            "time_zone": time_zone,
        }
        assert (await operator.post("/api/v1/regions", json=body)).status_code == 201
    for code in ("cad", "plan", "usa-only"):
        body = {"code": code, "name": {"en": f"{code} en", "fr": f"{code} fr"}, "applications": [f"app-{code}"]}
        assert (await operator.post("/api/v1/products", json=body)).status_code == 201
    prices = [
        ("cad", "eu", "year", 12_000, "EUR"),
        ("cad", "eu", "month", 1_000, "EUR"),
        ("plan", "eu", "year", 9_999, "EUR"),
        ("cad", "us", "year", 15_000, "USD"),
        ("usa-only", "us", "year", 5_000, "USD"),
        ("cad", "ch", "year", 10_000, "CHF"),
    ]
    for product, region, interval, amount, currency in prices:
        body = {
            "product_code": product,
            "region": region,
            "interval": interval,
            "amount": {"amount": amount, "currency": currency},
            "valid_from": "2020-01-01",
        }
        answer = await operator.post("/api/v1/prices", json=body)
        assert answer.status_code == 201, answer.text


async def a_customer(
    shop: RunningService,
    *,
    country: str = "DE",
    time_zone: str | None = "Europe/Berlin",
    vat_id: str | None = None,
    name: str = "Müller & Söhne GmbH",
    organization_id: str | None = None,
) -> Customer:
    """A new organization with an owner, as identity tells of them."""
    organization = organization_id or new_id("org")
    email = f"buyer@{organization[4:].lower()}.example"
    await shop.deliver(
        "identity.organization.created.v1",
        {
            "organization_id": organization,
            "name": name,
            "country": country,
            "locale": "de",
            "time_zone": time_zone,
            "vat_id": vat_id,
            "origin": "new",
        },
        subject=organization,
    )
    member = new_id("mem")
    await shop.deliver(
        "identity.member.added.v1",
        {
            "member_id": member,
            "organization_id": organization,
            "account_id": new_id("acc"),
            "email": email,
            "name": "Erika Mustermann",
            "roles": ["owner"],
            "status": "active",
        },
        subject=member,
    )
    return Customer(shop, organization, email)


NOTHING_DUE = text(
    "SELECT NOT EXISTS (SELECT FROM subscriptions WHERE due_at <= :now)"
    " AND NOT EXISTS (SELECT FROM charges WHERE ask_at <= :now OR status = 'created')"
)


async def catch_up(shop: RunningService) -> None:
    """Have everything done that has fallen due, by this call or by the sweeps that run beside the test anyway."""
    await shop.work()
    await eventually(lambda: _nothing_is_due(shop), within=30)


async def _nothing_is_due(shop: RunningService) -> bool:
    async with shop.runtime.database.read() as reader:
        return bool(await reader.scalar(NOTHING_DUE, {"now": shop.clock.now()}))
