"""How long it takes until everybody knows: a stopwatch for changes of access.

A `Witness` does something and notes when the list of tiles, the open page and a partner's webhook show it, counted from
the answer; and whether the check was right at once.
"""

import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Page

from tests.harness.visitor import Visitor

CHECKS_AFTER_THE_ANSWER = 5
GIVEN_UP_AFTER = 20.0
PAUSE = 0.02

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
        """Print the table, if there is anything in it."""
        if not self.seconds:
            return
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

    def when(self, event_types: Collection[str], subject_id: str, since: float) -> float | None:
        """When the first event of these types about the assignment or license came."""
        for arrived, kind, data in list(self.heard):
            subject = data.get("assignment") or data.get("license") or {}
            if kind in event_types and subject.get("id") == subject_id and arrived >= since - 1:
                return arrived
        return None

    def close(self) -> None:
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


@dataclass
class Access:
    """The access that is watched: one person's, to one product, with the tile it brings."""

    product: str
    email: str
    tile: str


class Witness:
    """Does changes and notes when who knew. `checker` may ask about the person's access."""

    def __init__(self, checker: Visitor, access: Access, *, page: Page, tiles: TilesWatch, receiver: Receiver) -> None:
        self.access = access
        self.times = Times()
        self._checker = checker
        self._page = page
        self._tiles = tiles
        self._receiver = receiver
        page.evaluate(WATCH_TILES)

    def close(self) -> None:
        """End what runs beside."""
        self._tiles.stop()

    def measure(
        self,
        change: str,
        act: Callable[[], Any],
        *,
        allowed: bool,
        events: Collection[str],
        of: str = "",
        by_clock: bool = False,
    ) -> Any:
        """Do `act`, note when everybody knew that access is now `allowed`, and hand on what `act` answered.

        `events` about the assignment or license `of` (what `act` answers, when left out) are waited for.
        """
        asked_at = time.time()
        result = act()
        answered_at = time.time()
        if not by_clock:
            self._note_checks(change, answered_at, allowed=allowed)
        looks: dict[str, Callable[[], float | None]] = {
            "GET /apps": lambda: self._tiles.when(allowed, asked_at),
            "open page": lambda: self._page_turned(allowed, asked_at),
            "webhook": lambda: self._receiver.when(events, of or str(result), asked_at),
        }
        if by_clock:
            looks["check"] = lambda: time.time() if self._is_allowed() == allowed else None
        self.wait_for(change, looks, answered_at)
        return result

    def wait_for(self, change: str, looks: dict[str, Callable[[], float | None]], answered_at: float) -> None:
        """Note when each of the places showed the change."""
        found: dict[str, float | None] = dict.fromkeys(looks)
        while time.time() - answered_at < GIVEN_UP_AFTER and None in found.values():
            for place, look in looks.items():
                found[place] = found[place] or look()
            time.sleep(PAUSE)
        for place, at in found.items():
            self.times.note(change, place, None if at is None else at - answered_at)

    def valid_until(self) -> datetime:
        """Until when the check promises access."""
        return datetime.fromisoformat(self._check()["valid_until"])

    def _is_allowed(self) -> bool:
        return bool(self._check()["allowed"])

    def _check(self) -> dict[str, Any]:
        query = {"product": self.access.product, "email": self.access.email}
        answer = self._checker.get("/entitlements/check", params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def _note_checks(self, change: str, answered_at: float, *, allowed: bool) -> None:
        for number in range(CHECKS_AFTER_THE_ANSWER):
            is_right = self._is_allowed() == allowed
            self.times.checks += 1
            self.times.stale += not is_right
            if number == 0 and is_right:
                self.times.note(change, "check", time.time() - answered_at)

    def _page_turned(self, shows: bool, since: float) -> float | None:
        turns = self._page.evaluate("window.turns")
        if turns and (self.access.tile in turns[-1][1]) == shows and turns[-1][0] > since - 1:
            return float(turns[-1][0])
        return None
