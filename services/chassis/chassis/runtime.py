"""A running service: its connections, its clock, its background work."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from chassis import upkeep
from chassis.auth.clients import ServiceClient
from chassis.auth.dpop import SpentProofs
from chassis.auth.revocations import Revocations
from chassis.auth.tokens import TokenVerifier
from chassis.bus.connection import Bus
from chassis.bus.consumer import Consumer
from chassis.bus.hints import Hints
from chassis.bus.relay import Relay
from chassis.bus.revocations import RevocationListener
from chassis.db.transaction import Database
from chassis.kernel.clock import Clock
from chassis.ops.logging import get_logger
from chassis.ops.settings import PlatformSettings, ServiceSettings
from chassis.ops.tasks import outlast
from chassis.service import Service
from chassis.timer import Timer

log = get_logger(__name__)

SECONDS_TO_FINISH = 15


class Runtime:
    """Everything a verb may need that is not an argument of the request."""

    def __init__(
        self,
        service: Service,
        *,
        platform: PlatformSettings | None = None,
        settings: ServiceSettings | None = None,
        clock: Clock | None = None,
        verifier: TokenVerifier | None = None,
    ) -> None:
        self.service = service
        self.platform = platform or PlatformSettings()
        self.settings: Any = settings or service.settings()
        self.settings.refuse_defaults(self.platform)
        self.clock = clock or self.platform.business_clock()
        self.database = Database(
            self.settings.database_url,
            metadata=service.metadata,
            service=service.name,
            clock=self.clock,
            pool_size=self.settings.pool_size,
        )
        self.bus = Bus(self.platform.nats_url, service.name)
        self.http = httpx.AsyncClient(timeout=10, limits=httpx.Limits(max_connections=50))
        self.revocations = Revocations()
        self.proofs = SpentProofs()
        self.verifier = verifier or self._own_verifier()
        self.clients = ServiceClient(
            self.http,
            token_url=f"{self.platform.identity_url}/oauth2/token",
            client_id=service.name,
            client_secret=self.settings.client_secret,
            audience=self.platform.audience,
        )
        self.hints = Hints(self.bus, service.name)
        self.edges: Any = None
        self.relay = Relay(self.database, self.bus)
        self.timer = Timer(self.database, [upkeep.jobs, *service.jobs], self)
        self.revocation_listener = RevocationListener(self.bus, self.revocations)
        self.is_draining = False
        self._tasks: list[asyncio.Task[None]] = []
        self._listeners: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def running(self, *, in_background: bool = True) -> AsyncIterator["Runtime"]:
        """Open the service's edges and start its relay, consumers and jobs; hand everything back at the end."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._close)
            if self.service.edges is not None:
                self.edges = await stack.enter_async_context(self.service.edges(self))
            self.database.on_events = self.relay.wake
            self.database.on_jobs = self.timer.wake
            self.database.on_hints = self.hints.give
            self.database.on_rousing = self.timer.sweeps.rouse
            if in_background:
                self._start(self._work())
            yield self
            self.is_draining = True

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _work(self) -> None:
        await self.bus.connect()
        if self.is_draining:  # connecting may swallow the cancellation (Python 3.11)
            return
        listeners = [self.relay.run, self.revocation_listener.run, self.hints.run]
        turn = asyncio.Lock()
        listeners += [Consumer(self.database, self.bus, reactions, turn).run for reactions in self.service.reactions]
        async with asyncio.TaskGroup() as group:
            group.create_task(self.timer.run())
            self._listeners = [group.create_task(listen()) for listen in listeners]

    async def _close(self) -> None:
        self.is_draining = True
        for task in self._tasks:
            task.cancel()
        await outlast(self._listeners)
        await outlast(self._tasks, patience=SECONDS_TO_FINISH)
        await self.bus.close()
        await self.http.aclose()
        await self.database.close()
        log.info("service.stopped")

    def _own_verifier(self) -> TokenVerifier:
        return TokenVerifier(
            issuer=self.platform.public_url,
            audience=self.platform.audience,
            revocations=self.revocations,
            jwks_url=f"{self.platform.identity_url}/oauth2/jwks",
            http=self.http,
        )
