"""How long after a change of access everybody knows: the check, the list of tiles, the open page, the webhook.

`python -m tests.benchmarks.bench_revocation [--rounds 20] [--turns 3] [--terms 3] [--customers 500]` starts a platform
with its demo, opens the App Portal of a colleague in Chromium, and has a license manager change the colleague's seat
again and again. Times are counted from the answer to the change. Then days begin and end, and subscriptions are renewed,
get fewer seats and go unpaid, counted from the answer of the business clock; and seats change while a wave of customers
is transferred (0 leaves each of these out).
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.benchmarks.bench_wave import CATALOGUE, good, import_customers, plan_wave
from tests.benchmarks.terms import Subscriber, a_term
from tests.benchmarks.watching import Access, Receiver, TilesWatch, Times, Witness
from tests.harness.browser import Person, running_browser
from tests.harness.platform import Platform, patiently, running_platform
from tests.oracle.exports import TRANSFER_ON

TO_GO = ("planned", "announced", "reminded", "transferring")
KIND = "licensing.assignment"


class Scene:
    """A license manager, a colleague with an open page, and a partner's system."""

    def __init__(self, platform: Platform, colleague: Person, receiver: Receiver) -> None:
        self.platform = platform
        self.receiver = receiver
        self.manager = platform.signed_in("license_manager")
        self.email = platform.accounts["member"]["email"]
        self.license = self._free_license()
        access = Access(self.license["product"], self.email, self._tile_of_license())
        tiles = TilesWatch(platform.signed_in("member"), access.tile)
        self.witness = Witness(self.manager, access, page=colleague.page, tiles=tiles, receiver=receiver)

    def close(self) -> None:
        """End what runs beside."""
        self.witness.close()

    def today(self) -> Any:
        """The business day in the organization's time zone, near enough at noon."""
        return self.platform.now().date()

    def assign(self, **days: Any) -> str:
        """Give the colleague a seat."""
        body = {"emails": [self.email], "notify": False, **days}
        answer = good(self.manager.post(f"/licenses/{self.license['id']}/assignments", body))["items"][0]
        assert answer["result"] == "assigned", answer
        return str(answer["assignment"]["id"])

    def move(self, assignment_id: str, first_day: Any) -> None:
        """Have the seat held from another day on."""
        good(self.manager.send("PATCH", f"/assignments/{assignment_id}", {"first_day": str(first_day)}))

    def end(self, assignment_id: str) -> None:
        """Take the seat away."""
        good(self.manager.post(f"/assignments/{assignment_id}/deactivate"))

    def _free_license(self) -> dict[str, Any]:
        """A license with a free seat, after the colleague gave up the seat that the demo came with."""
        licenses = good(self.manager.get("/licenses?status=active"))["items"]
        for license in licenses:
            for seat in good(self.manager.get(f"/licenses/{license['id']}/assignments"))["items"]:
                if seat["email"] == self.email and seat["status"] == "active":
                    self.end(seat["id"])
        return next(license for license in licenses if license["free"])

    def _tile_of_license(self) -> str:
        """Where the tile that a seat brings leads to: tried out once."""
        colleague = self.platform.signed_in("member")

        def links() -> set[str]:
            return {item["launch_url"] for item in good(colleague.get("/apps?limit=200"))["items"]}

        self.platform.wait_until_ready()
        time.sleep(2)
        before = links()
        assignment_id = self.assign()
        new = patiently(lambda: links() - before)
        self.end(assignment_id)
        patiently(lambda: links() == before)
        return str(sorted(new)[0])


def a_round(scene: Scene) -> None:
    """Every change of a seat once."""
    measure = scene.witness.measure
    seat = measure("assign", scene.assign, allowed=True, events=[f"{KIND}.created.v1"])
    in_two_days = scene.today() + timedelta(days=2)
    moved, gone = [f"{KIND}.period_changed.v1"], [f"{KIND}.deactivated.v1"]
    measure("to the future", lambda: scene.move(seat, in_two_days), allowed=False, events=moved, of=seat)
    scene.receiver.heard.clear()
    measure("back to today", lambda: scene.move(seat, scene.today()), allowed=True, events=moved, of=seat)
    measure("deactivate", lambda: scene.end(seat), allowed=False, events=gone, of=seat)


def a_turn(scene: Scene) -> None:
    """A period that begins and ends by the clock alone."""
    measure = scene.witness.measure
    day = scene.today() + timedelta(days=1)
    seat = scene.assign(first_day=str(day), last_day=str(day))

    def next_day() -> None:
        scene.platform.advance(timedelta(days=1))

    measure("day begins", next_day, allowed=True, events=[f"{KIND}.started.v1"], of=seat, by_clock=True)
    measure("day ends", next_day, allowed=False, events=[f"{KIND}.ended.v1"], of=seat, by_clock=True)


def bench_seats(scene: Scene, *, rounds: int, turns: int, customers: int) -> None:
    """The tables about a seat."""
    witness = scene.witness
    for _ in range(rounds):
        a_round(scene)
    witness.times.show("the platform at rest")
    witness.times = Times()
    for _ in range(turns):
        a_turn(scene)
    witness.times.show("by the clock, which the services follow within two seconds")
    if customers:
        witness.times = Times()
        with a_wave(scene.platform, customers) as is_going_on:
            while is_going_on():
                a_round(scene)
        witness.times.show(f"while {customers} customers are transferred")


def bench_terms(subscriber: Subscriber, terms: int) -> None:
    """The table about subscriptions."""
    for _ in range(terms):
        a_term(subscriber)
    subscriber.times.show("subscriptions, by the clock")


@contextmanager
def a_wave(platform: Platform, customers: int) -> Iterator[Callable[[], bool]]:
    """Customers being transferred; the question says whether some still are, or wait for their licenses and mails."""
    with platform.operator() as operator:
        add_catalogue(operator)
        import_customers(operator, customers)
        wave = plan_wave(operator, customers)
        good(operator.post(f"/transfer-waves/{wave}/schedule", timeout=120))
        began = time.monotonic()

        def is_going_on() -> bool:
            states = good(operator.get(f"/transfer-waves/{wave}"))["states"]
            left = [states.get(state) for state in TO_GO]
            waiting = good(operator.get("/messages", params={"status": "queued", "limit": 1}))["items"]
            return bool(any(left) or waiting or time.monotonic() - began < 5) and time.monotonic() - began < 120

        yield is_going_on
        states = good(operator.get(f"/transfer-waves/{wave}"))["states"]
        print(f"the wave: {states}, {time.monotonic() - began:.1f} s", flush=True)


def add_catalogue(operator: httpx.Client) -> None:
    """What the export needs beside the demo's own catalogue; what is there already stays."""
    for path in ("regions", "products"):
        for body in CATALOGUE[path]:
            operator.post(f"/{path}", json=body)
    for price in CATALOGUE["prices"]:
        amount = {"amount": price["amount"], "currency": price["currency"]}
        body = {"product_code": price["product"], "region": price["region"], "interval": price["interval"]}
        operator.post("/prices", json={**body, "amount": amount, "valid_from": price["valid_from"]})


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--terms", type=int, default=3)
    parser.add_argument("--customers", type=int, default=500)
    arguments = parser.parse_args()
    noon = datetime.combine(TRANSFER_ON, datetime.min.time(), UTC) + timedelta(hours=12)
    with closing(Receiver()) as receiver, running_platform() as platform, running_browser() as browser:
        if arguments.customers:
            platform.advance(noon - platform.now() - 2 * timedelta(days=arguments.turns))
        hook = {"url": receiver.url, "event_types": ["licensing.*"]}
        good(platform.signed_in("buyer").post("/webhook-endpoints", hook))
        colleague = Person(browser, platform.public_url)
        with closing(colleague.context):
            colleague.sign_in(**platform.accounts["member"])
            with closing(Scene(platform, colleague, receiver)) as scene:
                bench_seats(scene, rounds=arguments.rounds, turns=arguments.turns, customers=arguments.customers)
        bench_terms(Subscriber(platform, browser, receiver), arguments.terms)


if __name__ == "__main__":
    main()
