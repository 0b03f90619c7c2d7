"""What mails leave by, and whether they may leave now."""

import asyncio
import time
from dataclasses import dataclass

from chassis.ops.brand import Brand
from notifications.delivery.links import Links
from notifications.delivery.mailer import Mailer
from notifications.templates.render import Renderer

REST_SECONDS = (1, 2, 5, 10)


class Traffic:
    """Whether mails may leave now: not while stopping, not right after the mail server was out of reach."""

    def __init__(self, per_second: float = 0) -> None:
        self.is_stopping = False
        self._interval = 1 / per_second if per_second else 0.0
        self._next_slot = 0.0
        self._failures = 0
        self._resting_until = 0.0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def is_open(self) -> bool:
        """Whether it is worth looking at the queue."""
        return not self.is_stopping and time.monotonic() >= self._resting_until

    @property
    def is_flowing(self) -> bool:
        """Whether the mail server answered when it was last asked."""
        return self._failures == 0

    def rest(self) -> None:
        """The mail server is out of reach: leave it alone for a moment, longer each time."""
        seconds = REST_SECONDS[min(self._failures, len(REST_SECONDS) - 1)]
        self._failures += 1
        self._resting_until = time.monotonic() + seconds

    def flows(self) -> None:
        """The mail server has answered."""
        self._failures = 0

    async def pace(self) -> None:
        """Wait for the next slot when the mail server wants no more than so many mails per second."""
        if self._interval:
            now = time.monotonic()
            self._next_slot = max(now, self._next_slot + self._interval)
            await asyncio.sleep(self._next_slot - now)

    def fit_into(self, seconds: float) -> float:
        """How many mails may leave in so much time; one at least."""
        return max(1, int(seconds / self._interval)) if self._interval else float("inf")

    def begin(self) -> None:
        """Mails are on their way."""
        self._idle.clear()

    def end(self) -> None:
        """No mail is on its way."""
        self._idle.set()

    async def stop(self) -> None:
        """Take no more mails, and wait until those on their way have been answered and recorded."""
        self.is_stopping = True
        await self._idle.wait()


@dataclass
class Outbound:
    """What mails leave by."""

    brand: Brand
    renderer: Renderer
    mailer: Mailer
    links: Links
    message_id_domain: str
    traffic: Traffic
