"""A service in the test's own process, on a real database and a real bus, with a clock that the test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import nats
import orjson
from nats.aio.client import Client

from chassis.auth.revocations import Revocations
from chassis.auth.tokens import TokenVerifier
from chassis.bus.topology import PUBLISHERS, ensure_stream, stream_name
from chassis.http.app import create_app
from chassis.kernel.clock import FrozenClock
from chassis.kernel.ids import uuid7
from chassis.ops.settings import PlatformSettings
from chassis.runtime import Runtime
from chassis.service import Service
from tests.harness.eventually import eventually
from tests.harness.servers import Databases, LocalNats
from tests.harness.tokens import ISSUER, KEYS, access_token

NOW = datetime(2027, 2, 5, 9, 0, tzinfo=UTC)


class RunningService:
    """What a test does with the service under test."""

    def __init__(self, app: Any, runtime: Runtime, clock: FrozenClock, bus: Client) -> None:
        self.app = app
        self.runtime = runtime
        self.clock = clock
        self._bus = bus
        self._sequences: dict[str, int] = {}

    def client(self, *, scopes: str | tuple[str, ...] = (), **claims: Any) -> httpx.AsyncClient:
        """A caller with a token: `scopes`, `org`, `roles`, `email`, `subject`, `client_id`, further claims."""
        token = access_token(scopes=scopes, **claims)
        return self.anonymous(headers={"Authorization": f"Bearer {token}"})

    def operator(self) -> httpx.AsyncClient:
        """The vendor's own tool."""
        return self.client(scopes="operator:read operator:write", subject="operator-cli", client_id="operator-cli")

    def internal(self) -> httpx.AsyncClient:
        """Another service of the platform."""
        return self.client(scopes="internal", subject="notifications", client_id="notifications")

    def anonymous(self, **options: Any) -> httpx.AsyncClient:
        """A caller without a token."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ISSUER, **options)

    async def deliver(
        self,
        event_type: str,
        data: dict[str, Any],
        *,
        subject: str,
        sequence: int | None = None,
        event_id: str | None = None,
        wait: bool = True,
    ) -> str:
        """Publish a foreign event and (by default) wait until it was handled or parked; its id, to redeliver it."""
        number = sequence if sequence is not None else self._sequences.get(subject, 0) + 1
        self._sequences[subject] = number
        identifier = event_id or str(uuid7())
        envelope = {
            "specversion": "1.0",
            "id": identifier,
            "source": f"/{event_type.partition('.')[0]}",
            "type": event_type,
            "subject": subject,
            "time": self.clock.now().isoformat(),
            "sequence": number,
            "data": data,
        }
        js = self._bus.jetstream()
        await js.publish(event_type, orjson.dumps(envelope), headers={"X-Event": identifier})
        if wait:
            await eventually(lambda: self.has_handled(identifier))
        return identifier

    async def has_handled(self, event_id: str) -> bool:
        """Whether the inbox knows the event."""
        inbox = self.runtime.database.tables.inbox
        async with self.runtime.database.read() as reader:
            return await reader.first(inbox.select().where(inbox.c.event_id == event_id)) is not None

    async def published(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """The data of the events that the service has committed, oldest first."""
        return [envelope["data"] for envelope in await self.envelopes(event_type)]

    async def envelopes(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """The whole events that the service has committed, oldest first."""
        outbox = self.runtime.database.tables.outbox
        statement = outbox.select().order_by(outbox.c.seq)
        if event_type is not None:
            statement = statement.where(outbox.c.type == event_type)
        async with self.runtime.database.read() as reader:
            return [orjson.loads(row.envelope) for row in await reader.all(statement)]

    async def work(self) -> None:
        """Do now what has fallen due: jobs and sweeps, until nothing is left."""
        await self.runtime.timer.sweeps.run_once()
        while await self.runtime.timer.run_once():
            await self.runtime.timer.sweeps.run_once()


@asynccontextmanager
async def running(
    service: Service,
    databases: Databases,
    nats_server: LocalNats,
    *,
    clock: FrozenClock | None = None,
    settings: dict[str, Any] | None = None,
    platform: dict[str, Any] | None = None,
    fresh_bus: bool = True,
) -> AsyncIterator[RunningService]:
    """`service` with relay, consumers and jobs, on a fresh database; events of earlier tests are removed."""
    bus = await nats.connect(nats_server.url)
    for publisher in PUBLISHERS:
        await ensure_stream(bus.jetstream(), publisher)
        if fresh_bus:
            await bus.jetstream().purge_stream(stream_name(publisher))
    hands = clock or FrozenClock(NOW)
    revocations = Revocations()
    verifier = TokenVerifier(issuer=ISSUER, audience=f"{ISSUER}/api", revocations=revocations, keys=KEYS)
    runtime = Runtime(
        service,
        platform=PlatformSettings(profile="test", public_url=ISSUER, nats_url=nats_server.url, **(platform or {})),
        settings=service.settings(database_url=await databases.fresh(service), **(settings or {})),
        clock=hands,
        verifier=verifier,
    )
    runtime.revocations = revocations
    runtime.revocation_listener._revocations = revocations
    app = create_app(service, runtime)
    async with app.router.lifespan_context(app):
        yield RunningService(app, runtime, hands, bus)
    await bus.close()
