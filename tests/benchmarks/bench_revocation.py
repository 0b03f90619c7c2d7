"""How long after a change of access everybody knows: the check, the list of tiles, the open page, the webhook.

`python -m tests.benchmarks.bench_revocation [--rounds 20] [--turns 3] [--customers 500]` starts a platform with its
demo, opens the App Portal of a colleague in Chromium, and has a license manager change the colleague's seat again and
again. Times are counted from the answer to the change. A second table is made while a wave of customers is transferred
(`--customers 0` leaves it out). "day begins" and "day ends" count from the answer of the business clock.
"""

import argparse
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.benchmarks.bench_wave import CATALOGUE, good, import_customers, plan_wave
from tests.harness.browser import Person, running_browser
from tests.harness.platform import Platform, patiently, running_platform
from tests.harness.visitor import Visitor
from tests.oracle.exports import TRANSFER_ON

PLACES = ("check", "GET /apps", "open page", "webhook")
CHECKS_AFTER_THE_ANSWER = 5
GIVEN_UP_AFTER = 20.0
PAUSE = 0.02
TO_GO = ("planned", "announced", "reminded", "transferring")

WATCH_TILES = """
() => {
  const part = document.getElementById("tiles");
  window.turns = [];
  const note = () => window.turns.push([Date.now() / 1000, [...part.querySelectorAll("h3 a")].map(link => link.getAttribute("href"))]);
  new MutationObserver(note).observe(part, { childList: true, subtree: true });
}
"""


@dataclass
class Times:
    """The seconds of each change at each place; `stale` counts checks that still gave the old answer."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    checks: int = 0
    stale: int = 0
    missed: int = 0

    def note(self, change: str, place: str, seconds: float | None) -> None:
        """One measurement; None: not seen in time."""
        if seconds is None:
            self.missed += 1
        else:
            self.seconds[change, place].append(max(0.0, seconds))

    def show(self, title: str) -> None:
        """Print the table."""
        print(f"\n{title} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)")
        print(f"{'change':18}{'seen in':12}{'times':>7}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
        for (change, place), seconds in self.seconds.items():
            shown = [value * 1000 for value in (_at(seconds, 50), _at(seconds, 95), max(seconds))]
            print(f"{change:18}{place:12}{len(seconds):>7}{shown[0]:>9.0f}{shown[1]:>9.0f}{shown[2]:>9.0f}")
        if self.missed:
            print(f"{self.missed} changes were not seen within {GIVEN_UP_AFTER:.0f} s")
        if self.checks:
            print(f"{self.stale} of {self.checks} checks right after the answer were stale")


def _at(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


class Receiver:
    """A partner's system that notes when which event arrived."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, str, dict[str, Any]]] = []
        receiver = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                arrived = time.time()
                event = json.loads(self.rfile.read(int(self.headers["content-length"])))
                receiver.heard.append((arrived, event["type"], event["data"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def when(self, event_type: str, assignment_id: str, since: float) -> float | None:
        """When the event about the assignment came."""
        for arrived, kind, data in list(self.heard):
            if kind == event_type and data["assignment"]["id"] == assignment_id and arrived >= since - 1:
                return arrived
        return None

    def stop(self) -> None:
        """Take no more."""
        self._server.shutdown()


class TilesWatch:
    """Asks for the tiles of an open session all the time, in a thread of its own."""

    def __init__(self, visitor: Visitor, tile: str) -> None:
        self._visitor = visitor
        self._tile = tile
        self.turns: list[tuple[float, bool]] = []
        self._is_over = False
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        while not self._is_over:
            answer = self._visitor.get("/apps?limit=200")
            if answer.status_code == 200:
                shows = self._tile in {item["launch_url"] for item in answer.json()["items"]}
                if not self.turns or self.turns[-1][1] != shows:
                    self.turns.append((time.time(), shows))
            time.sleep(PAUSE)

    def when(self, shows: bool, since: float) -> float | None:
        """When the tile was there, or gone."""
        known = list(self.turns)
        return known[-1][0] if known and known[-1][1] == shows and known[-1][0] > since - 1 else None

    def stop(self) -> None:
        """Ask no more."""
        self._is_over = True
        self._thread.join(5)


class Scene:
    """A license manager, a colleague with an open page, and a partner's system."""

    def __init__(self, platform: Platform, page: Page, receiver: Receiver) -> None:
        self.platform = platform
        self.page = page
        self.receiver = receiver
        self.manager = platform.signed_in("license_manager")
        self.email = platform.accounts["member"]["email"]
        self.license = self._free_license()
        self.tile = self._tile_of_license()
        self.times = Times()
        self.watch = TilesWatch(platform.signed_in("member"), self.tile)

    def close(self) -> None:
        """End what runs beside."""
        self.watch.stop()

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

    def measure(
        self, change: str, act: Callable[[], Any], *, allowed: bool, event: str, of: str = "", by_clock: bool = False
    ) -> Any:
        """Do `act` and note when everybody knew."""
        asked_at = time.time()
        result = act()
        answered_at = time.time()
        if not by_clock:
            self._note_checks(change, answered_at, allowed=allowed)
        found: dict[str, float | None] = dict.fromkeys(PLACES[1:])
        while time.time() - answered_at < GIVEN_UP_AFTER and None in found.values():
            found["GET /apps"] = found["GET /apps"] or self.watch.when(allowed, asked_at)
            found["open page"] = found["open page"] or self._page_turned(allowed, asked_at)
            found["webhook"] = found["webhook"] or self.receiver.when(event, of or str(result), asked_at)
            time.sleep(PAUSE)
        for place, at in found.items():
            self.times.note(change, place, None if at is None else at - answered_at)
        return result

    def _note_checks(self, change: str, answered_at: float, *, allowed: bool) -> None:
        query = {"product": self.license["product"], "email": self.email}
        for number in range(CHECKS_AFTER_THE_ANSWER):
            is_right = good(self.manager.get("/entitlements/check", params=query))["allowed"] == allowed
            self.times.checks += 1
            self.times.stale += not is_right
            if number == 0 and is_right:
                self.times.note(change, "check", time.time() - answered_at)

    def _page_turned(self, shows: bool, since: float) -> float | None:
        turns = self.page.evaluate("window.turns")
        if turns and (self.tile in turns[-1][1]) == shows and turns[-1][0] > since - 1:
            return float(turns[-1][0])
        return None

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
    kind = "licensing.assignment"
    seat = scene.measure("assign", scene.assign, allowed=True, event=f"{kind}.created.v1")
    tomorrow = scene.today() + timedelta(days=2)
    moved, gone = f"{kind}.period_changed.v1", f"{kind}.deactivated.v1"
    scene.measure("to the future", lambda: scene.move(seat, tomorrow), allowed=False, event=moved, of=seat)
    scene.receiver.heard.clear()
    scene.measure("back to today", lambda: scene.move(seat, scene.today()), allowed=True, event=moved, of=seat)
    scene.measure("deactivate", lambda: scene.end(seat), allowed=False, event=gone, of=seat)


def a_turn(scene: Scene) -> None:
    """A period that begins and ends by the clock alone."""
    day = scene.today() + timedelta(days=1)
    seat = scene.assign(first_day=str(day), last_day=str(day))

    def next_day() -> None:
        scene.platform.advance(timedelta(days=1))

    kind = "licensing.assignment"
    scene.measure("day begins", next_day, allowed=True, event=f"{kind}.started.v1", of=seat, by_clock=True)
    scene.measure("day ends", next_day, allowed=False, event=f"{kind}.ended.v1", of=seat, by_clock=True)


def bench(platform: Platform, page: Page, receiver: Receiver, *, rounds: int, turns: int, customers: int) -> None:
    """All tables."""
    hook = {"url": receiver.url, "event_types": ["licensing.assignment.*"]}
    good(platform.signed_in("buyer").post("/webhook-endpoints", hook))
    with closing(Scene(platform, page, receiver)) as scene:
        page.evaluate(WATCH_TILES)
        for _ in range(rounds):
            a_round(scene)
        scene.times.show("the platform at rest")
        scene.times = Times()
        for _ in range(turns):
            a_turn(scene)
        scene.times.show("by the clock, which the services follow within two seconds")
        if customers:
            scene.times = Times()
            with a_wave(platform, customers) as is_going_on:
                while is_going_on():
                    a_round(scene)
            scene.times.show(f"while {customers} customers are transferred")


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
    parser.add_argument("--customers", type=int, default=500)
    arguments = parser.parse_args()
    noon = datetime.combine(TRANSFER_ON, datetime.min.time(), UTC) + timedelta(hours=12)
    receiver = Receiver()
    with running_platform() as platform, running_browser() as browser:
        if arguments.customers:
            platform.advance(noon - platform.now() - 2 * timedelta(days=arguments.turns))
        colleague = Person(browser, platform.public_url)
        colleague.sign_in(**platform.accounts["member"])
        bench(platform, colleague.page, receiver, **vars(arguments))
        colleague.leave()
    receiver.stop()


if __name__ == "__main__":
    main()
