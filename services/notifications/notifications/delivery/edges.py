"""The outside parts of this service, opened for the life of the process."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from chassis.ops.brand import Brand, load_brand
from notifications.delivery.links import IdentityLinks, Links
from notifications.delivery.mailer import Mailer
from notifications.delivery.smtp import SmtpMailer
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
class Edges:
    """What the jobs of this service reach the world by."""

    brand: Brand
    renderer: Renderer
    mailer: Mailer
    links: Links
    message_id_domain: str
    webhooks: httpx.AsyncClient
    traffic: Traffic = field(default_factory=Traffic)


@asynccontextmanager
async def open_edges(runtime: Any) -> AsyncIterator[Edges]:
    """Open mailer, renderer and clients; at the end no mail is left half-way."""
    brand = load_brand(runtime.platform)
    domain = runtime.settings.message_id_domain or brand.sender_address.rpartition("@")[2]
    edges = Edges(
        brand=brand,
        renderer=Renderer(brand, runtime.platform.public_url),
        mailer=SmtpMailer(runtime.settings, helo=domain),
        links=IdentityLinks(runtime.clients, runtime.platform.identity_url),
        message_id_domain=domain,
        webhooks=httpx.AsyncClient(
            timeout=runtime.settings.webhook_timeout_seconds, follow_redirects=False, trust_env=False
        ),
        traffic=Traffic(runtime.settings.mails_per_second),
    )
    try:
        yield edges
    finally:
        await edges.traffic.stop()
        await edges.mailer.close()
        await edges.webhooks.aclose()
