"""The customers around licensing: the shop's news about them, and the calls they make."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import httpx

from chassis.bus.reactions import Heard
from chassis.facts import Envelope
from chassis.kernel.clock import day_of
from chassis.kernel.ids import new_id
from licensing.subscriptions.facts import SubscriptionNews
from tests.harness.eventually import eventually
from tests.harness.service import RunningService

NUMBERS = count(1)
PRODUCT_NAME = {"en": "CAD Pro", "fr": "CAD Pro", "de": "CAD Pro", "it": "CAD Pro"}


@dataclass(frozen=True)
class Customer:
    """An organization and its buyer."""

    id: str = field(default_factory=lambda: new_id("org"))
    time_zone: str = "Europe/Berlin"
    name: str = "Muster GmbH"
    buyer_email: str = field(default_factory=lambda: f"buyer{next(NUMBERS)}@muster.example")

    @property
    def organization(self) -> dict[str, Any]:
        """The organization as events carry it."""
        return {
            "id": self.id,
            "name": self.name,
            "locale": "de",
            "time_zone": self.time_zone,
            "country": "DE",
            "region": "eu",
        }

    @property
    def buyer(self) -> dict[str, Any]:
        """The buyer as events carry them."""
        return {"email": self.buyer_email, "first_name": "Bea", "last_name": "Buyer", "locale": "de"}


@dataclass(frozen=True)
class Subscription:
    """A subscription as the shop knows it; `replace` it and tell the news."""

    customer: Customer
    first_day: date
    last_day: date
    quantity: int = 1
    product_code: str = "cad-pro"
    id: str = field(default_factory=lambda: new_id("sub"))
    number: str = field(default_factory=lambda: f"S-2026-{next(NUMBERS):06}")
    status: str = "active"
    cancel_at_term_end: bool = False
    grace_until: date | None = None
    origin: str = "new"
    transfer_id: str | None = None
    invoice_number: str = "RE-2026-000001"

    def news(self, **more: Any) -> dict[str, Any]:
        """The data of an event about it."""
        return {
            "subscription": {
                "id": self.id,
                "number": self.number,
                "organization_id": self.customer.id,
                "product_code": self.product_code,
                "product_name": PRODUCT_NAME,
                "applications": ["cad"],
                "quantity": self.quantity,
                "status": self.status,
                "interval": "year",
                "term": {"first_day": str(self.first_day), "last_day": str(self.last_day)},
                "next_renewal_on": str(self.last_day + timedelta(days=1)),
                "cancel_at_term_end": self.cancel_at_term_end,
                "price": {"amount": 12900, "currency": "EUR"},
                "payment_method_id": None,
                "billing_owner": "new_shop",
                "fence": 1,
                "origin": self.origin,
                "transfer_id": self.transfer_id,
                "grace_until": None if self.grace_until is None else str(self.grace_until),
            },
            "organization": self.customer.organization,
            "buyer": self.customer.buyer,
            "invoice_number": self.invoice_number,
            "order_id": None,
            "previous": None,
            "release": None,
            "ended_reason": None,
        } | more

    def heard(self, *, sequence: int, at: datetime, **more: Any) -> Heard[SubscriptionNews]:
        """The same as licensing hears it, for tests without a bus."""
        data = self.news(**more)
        envelope = Envelope(
            id=new_id("evt"),
            source="/shop",
            type="shop.subscription.changed.v1",
            subject=self.id,
            time=at,
            sequence=sequence,
            data=data,
        )
        return Heard(SubscriptionNews.model_validate(data), envelope)


class World:
    """What tests do with licensing."""

    def __init__(self, service: RunningService) -> None:
        self.service = service
        self.clock = service.clock

    def now(self) -> datetime:
        """The business time."""
        return self.clock.now()

    def today(self, customer: Customer | None = None) -> date:
        """The day it is for the customer."""
        return day_of(self.clock.now(), (customer or Customer()).time_zone)

    def manager(self, customer: Customer) -> httpx.AsyncClient:
        """A license manager of the customer."""
        return self.service.client(
            scopes="licenses:read licenses:write entitlements:read", org=customer.id, roles=("license_manager",)
        )

    async def tell(self, event: str, subscription: Subscription, *, sequence: int | None = None, **more: Any) -> str:
        """Have the shop speak about a subscription; the event's id."""
        return await self.service.deliver(
            f"shop.subscription.{event}.v1",
            subscription.news(**more),
            subject=subscription.id,
            sequence=sequence,
        )

    async def start(self, customer: Customer | None = None, **details: Any) -> tuple[Subscription, dict[str, Any]]:
        """Start a subscription of a year from today; it and its license."""
        who = customer or Customer()
        today = self.today(who)
        given = {"first_day": today, "last_day": today + timedelta(days=364)} | details
        subscription = Subscription(who, **given)
        await self.tell("started", subscription)
        return subscription, await self.license_of(subscription)

    async def change(self, event: str, subscription: Subscription, **changes: Any) -> Subscription:
        """Tell news of a changed subscription; the changed one."""
        news = {name: changes.pop(name) for name in ("release", "ended_reason") if name in changes}
        changed = replace(subscription, **changes)
        await self.tell(event, changed, **news)
        return changed

    async def license_of(self, subscription: Subscription) -> dict[str, Any]:
        """The license that the subscription granted."""
        async with self.manager(subscription.customer) as client:
            answer = await client.get("/api/v1/licenses", params={"subscription_id": subscription.id})
        (license,) = answer.json()["items"]
        return license

    async def assign(self, customer: Customer, license_id: str, emails: Any, **more: Any) -> list[dict[str, Any]]:
        """Assign seats; the results. A service that is busy (503) is asked again, as its callers do."""
        path = f"/api/v1/licenses/{license_id}/assignments"
        async with self.manager(customer) as client:

            async def answered() -> httpx.Response | None:
                given = await client.post(path, json={"emails": emails} | more)
                return None if given.status_code == 503 else given

            answer = await eventually(answered, within=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def check(self, customer: Customer, email: str, product: str = "cad-pro") -> dict[str, Any]:
        """May the person use the product now?"""
        async with self.manager(customer) as client:
            answer = await client.get("/api/v1/entitlements/check", params={"product": product, "email": email})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def reason(self, customer: Customer, email: str, product: str = "cad-pro") -> str:
        """The reason of the check's answer."""
        return (await self.check(customer, email, product))["reason"]
