"""A subscription's life, watched: renewed, with fewer seats, not paid and paid after all.

Everything happens a minute past midnight of a day that is brought near first, so that the colleague's session is young.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from tests.benchmarks.watching import Access, Receiver, TilesWatch, Times, Witness
from tests.harness.browser import Person
from tests.harness.platform import Platform, patiently
from tests.harness.visitor import Visitor

PRODUCT = "FLEET-PLANNER"
LINKED = "application=fleet-planner"
A_MINUTE = timedelta(minutes=1)
GRACE = timedelta(days=14)
ONE_DAY = timedelta(days=1)
MARGIN = timedelta(days=7)
"""Access that the check promises beyond a term while its renewal is under way."""
KIND = "licensing.license"


class Subscriber:
    """An organization's buyer, license manager and colleague, each with a fresh session whenever time has passed."""

    def __init__(self, platform: Platform, browser: Browser, receiver: Receiver) -> None:
        self.platform = platform
        self.browser = browser
        self.receiver = receiver
        self.times = Times()
        self.email = platform.accounts["member"]["email"]
        self.subscription: dict[str, Any] = {}
        self.license: dict[str, Any] = {}
        self.seat = ""

    @property
    def buyer(self) -> Visitor:
        """Who buys and pays."""
        return self.platform.signed_in("buyer")

    @property
    def manager(self) -> Visitor:
        """Who assigns seats."""
        return self.platform.signed_in("license_manager")

    def subscribe(self, quantity: int) -> None:
        """Buy monthly seats and give the colleague one of them."""
        buyer = self.buyer
        line = {"product_code": PRODUCT, "interval": "month", "quantity": quantity}
        order = _good(buyer.post("/orders", {"lines": [line], "payment_method_id": self._card("tok_visa")}))
        self.subscription = _good(buyer.get(f"/subscriptions/{order['lines'][0]['subscription_id']}"))
        number = self.subscription["number"]
        self.license = patiently(lambda: self._license(number))

    def assign(self) -> str:
        """Give the colleague a seat; its assignment."""
        body = {"emails": [self.email], "notify": False}
        (item,) = _good(self.manager.post(f"/licenses/{self.license['id']}/assignments", body))["items"]
        assert item["result"] == "assigned", item
        return str(item["assignment"]["id"])

    def have(self, quantity: int, *, release: list[str] | None = None) -> None:
        """Ask for another number of seats."""
        body = {"quantity": quantity, "release": release or []}
        _good(self.buyer.post(f"/subscriptions/{self.subscription['id']}/change-quantity", body))

    def pay_by(self, token: str) -> None:
        """Pay renewals by another card."""
        body = {"payment_method_id": self._card(token)}
        _good(self.buyer.post(f"/subscriptions/{self.subscription['id']}/change-payment-method", body))

    def renewal_day(self) -> date:
        """When the next term begins."""
        found = _good(self.buyer.get(f"/subscriptions/{self.subscription['id']}"))
        return date.fromisoformat(found["next_renewal_on"])

    @contextmanager
    def just_before(self, day: date) -> Iterator[Witness]:
        """Bring the night before `day` near, and watch from there."""
        zone = ZoneInfo(_good(self.buyer.get("/customer"))["time_zone"])
        midnight = datetime.combine(day, datetime.min.time(), zone)
        self.platform.advance(midnight - A_MINUTE - self.platform.now())
        colleague = Person(self.browser, self.platform.public_url)
        with closing(colleague.context):
            colleague.sign_in(**self.platform.accounts["member"])
            member = self.platform.signed_in("member")
            tiles = TilesWatch(member, self._tile(member))
            access = Access(PRODUCT, self.email, self._tile(member))
            with closing(
                Witness(self.manager, access, page=colleague.page, tiles=tiles, receiver=self.receiver)
            ) as witness:
                witness.times = self.times
                self.receiver.heard.clear()
                yield witness

    def is_past_due(self) -> bool:
        """Whether a renewal was declined."""
        return bool(_good(self.buyer.get(f"/subscriptions/{self.subscription['id']}"))["status"] == "past_due")

    def past_midnight(self) -> None:
        """Let the day begin."""
        self.platform.advance(2 * A_MINUTE)

    def _card(self, token: str) -> str:
        return str(_good(self.buyer.post("/payment-methods", {"token": token}))["id"])

    def _license(self, number: str) -> dict[str, Any] | None:
        items = _good(self.manager.get("/licenses?limit=200"))["items"]
        return next((item for item in items if item["subscription_number"] == number), None)

    def _tile(self, member: Visitor) -> str:
        def link() -> str | None:
            links = [item["launch_url"] for item in _good(member.get("/apps?limit=200"))["items"]]
            return next((link for link in links if LINKED in link), None)

        return str(patiently(link))


def a_term(subscriber: Subscriber) -> None:
    """Have everything happen to the subscription that can happen by the clock, and one payment that brings it back."""
    if not subscriber.subscription:
        subscriber.subscribe(quantity=2)
        subscriber.seat = subscriber.assign()
    _renewed(subscriber)
    subscriber.have(1, release=[subscriber.seat])
    _fewer_seats(subscriber)
    subscriber.have(2)
    patiently(lambda: _good(subscriber.manager.get(f"/licenses/{subscriber.license['id']}"))["free"])
    subscriber.seat = subscriber.assign()
    subscriber.pay_by("tok_declined")
    _suspended_and_resumed(subscriber)


def _renewed(subscriber: Subscriber) -> None:
    of = subscriber.license["id"]
    with subscriber.just_before(subscriber.renewal_day()) as witness:
        grace_ends = witness.valid_until() + MARGIN
        subscriber.past_midnight()
        answered_at = time.time()
        looks = {
            "check": lambda: time.time() if witness.valid_until() > grace_ends else None,
            "webhook": lambda: subscriber.receiver.when([f"{KIND}.renewed.v1"], of, answered_at),
        }
        witness.wait_for("renewed", looks, answered_at)


def _fewer_seats(subscriber: Subscriber) -> None:
    of = subscriber.license["id"]
    with subscriber.just_before(subscriber.renewal_day()) as witness:
        events = [f"{KIND}.resized.v1"]
        witness.measure("fewer seats", subscriber.past_midnight, allowed=False, events=events, of=of, by_clock=True)


def _suspended_and_resumed(subscriber: Subscriber) -> None:
    of = subscriber.license["id"]
    first_attempt = subscriber.renewal_day()
    with subscriber.just_before(first_attempt):
        subscriber.past_midnight()
        patiently(subscriber.is_past_due)
    with subscriber.just_before(first_attempt + GRACE + ONE_DAY) as witness:
        events = [f"{KIND}.suspended.v1"]
        witness.measure("suspended", subscriber.past_midnight, allowed=False, events=events, of=of, by_clock=True)
        events = [f"{KIND}.resumed.v1"]
        pay = partial(subscriber.pay_by, "tok_visa")
        witness.measure("paid, resumed", pay, allowed=True, events=events, of=of, by_clock=True)


def _good(answer: Any) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.text[:500]}"
    return answer.json() if answer.content else None
