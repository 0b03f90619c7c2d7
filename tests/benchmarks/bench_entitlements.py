"""What an entitlement check costs, one and a thousand at once, and how fast a wave of subscriptions is taken in.

Run it alone on a quiet machine: `python -m tests.benchmarks.bench_entitlements`. Aims: 5,000 checks per second and
process with p99 below 5 ms, 1,000 checks in one request below 15 ms, 15,000 subscriptions within minutes.
"""

import asyncio
import contextlib
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil
import uvicorn
from joserfc.jwk import ECKey, KeySet

from chassis.auth.revocations import Revocations
from chassis.auth.tokens import TokenVerifier
from chassis.cli import spare_the_collector
from chassis.db.transaction import Database
from chassis.http.app import create_app
from chassis.kernel.clock import SystemClock
from chassis.ops.settings import PlatformSettings
from chassis.runtime import Runtime
from licensing.entitlements.announce import announce_all_changes
from licensing.main import service
from licensing.settings import LicensingSettings
from licensing.subscriptions.follow import follow
from tests.harness.servers import Databases, free_port, running_nats, running_postgres
from tests.harness.tokens import ISSUER, KEY, access_token
from tests.licensing.world import Customer, Subscription

CONNECTIONS = 16
SECONDS = 4
ROUNDS = 3
SUBSCRIPTIONS = 2000
EVENTS_IN_A_BATCH = 100


class Caller(asyncio.Protocol):
    """One connection that asks again as soon as it has its answer, about one person after the other."""

    def __init__(self, requests: list[bytes], offset: int, latencies: list[float]) -> None:
        self._requests = requests
        self._next = offset
        self._latencies = latencies
        self._transport: Any = None
        self._sent_at = 0.0
        self._answer = b""

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Count the answer when it is complete."""
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            assert head.startswith(b"HTTP/1.1 200"), head
            self._latencies.append(time.perf_counter() - self._sent_at)
            self._answer = b""
            self._send()

    def stop(self) -> None:
        """Hang up."""
        self._transport.close()

    def _send(self) -> None:
        self._next = (self._next + 1) % len(self._requests)
        self._sent_at = time.perf_counter()
        self._transport.write(self._requests[self._next])


def serve(port: int, database_url: str, nats_url: str, directory: str, key: dict[str, Any]) -> None:
    """The service's process, trusting the benchmark's key."""
    platform = PlatformSettings(profile="test", public_url=ISSUER, nats_url=nats_url, data_dir=Path(directory))
    verifier = TokenVerifier(
        issuer=ISSUER, audience=f"{ISSUER}/api", revocations=Revocations(), keys=KeySet([ECKey.import_key(key)])
    )
    settings = LicensingSettings(database_url=database_url)
    runtime = Runtime(service, platform=platform, settings=settings, clock=SystemClock(), verifier=verifier)
    app = create_app(service, runtime)
    spare_the_collector()
    uvicorn.run(
        app,
        port=port,
        log_level="error",
        access_log=False,
        http="httptools",
        loop="uvloop",
        server_header=False,
    )


@contextlib.contextmanager
def process(target: Any, *arguments: Any) -> Iterator[multiprocessing.Process]:
    """A process for as long as the block lasts."""
    running = multiprocessing.get_context("spawn").Process(target=target, args=arguments, daemon=True)
    running.start()
    try:
        yield running
    finally:
        running.terminate()
        running.join(10)


async def take_in_a_wave(database_url: str) -> list[Customer]:
    """Subscriptions as a wave brings them: a batch of events per transaction, announcements included."""
    database = Database(database_url, metadata=service.metadata, service="licensing", clock=SystemClock())
    today = datetime.now(UTC).date()
    customers = [Customer() for _ in range(SUBSCRIPTIONS)]
    started_at = time.perf_counter()
    for begin in range(0, SUBSCRIPTIONS, EVENTS_IN_A_BATCH):
        async with database.transaction(actor="system:wave") as tx:
            subscriptions = [
                Subscription(
                    customer, today, today.replace(year=today.year + 1, day=1), quantity=3, origin="transferred"
                )
                for customer in customers[begin : begin + EVENTS_IN_A_BATCH]
            ]
            async with tx.connection.begin_nested():
                await follow(tx, [subscription.heard(sequence=1, at=tx.now) for subscription in subscriptions])
    granted_at = time.perf_counter()
    await announce_all_changes(database)
    announced_at = time.perf_counter()
    await database.close()
    print(f"{'a wave: licenses granted':44}{SUBSCRIPTIONS / (granted_at - started_at):>10,.0f} per second")
    print(f"{'a wave: access announced':44}{SUBSCRIPTIONS / (announced_at - granted_at):>10,.0f} per second")
    return customers


async def reachable(url: str) -> None:
    """Wait until the service answers."""
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            with contextlib.suppress(httpx.HTTPError):
                await client.get(url)
                return
            await asyncio.sleep(0.1)
    raise TimeoutError(url)


async def load(port: int, server: psutil.Process, requests: list[bytes]) -> tuple[float, float, float, float]:
    """Requests per second, median and 99th percentile in milliseconds, microseconds of processor time for each."""
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    callers = []
    for n in range(CONNECTIONS):
        _, caller = await loop.create_connection(lambda n=n: Caller(requests, n * 97, latencies), "127.0.0.1", port)
        callers.append(caller)
    await asyncio.sleep(0.5)
    latencies.clear()
    before = spent(server)
    await asyncio.sleep(SECONDS)
    cost = (spent(server) - before) / len(latencies) * 1e6
    for caller in callers:
        caller.stop()
    latencies.sort()
    p50, p99 = latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100]
    return len(latencies) / SECONDS, p50 * 1000, p99 * 1000, cost


def spent(server: psutil.Process) -> float:
    """The processor seconds of a process so far."""
    times = server.cpu_times()
    return times.user + times.system


async def measure(port: int, pid: int, customers: list[Customer]) -> None:
    """One check at a time from many callers, then many checks in one request."""
    server = psutil.Process(pid)
    await reachable(f"http://127.0.0.1:{port}/healthz")
    token = access_token(scopes="operator:read", subject="cli_bench", client_id="cli_bench")
    headers = f"Host: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    for name, emails in (
        ("allowed", [customer.buyer_email for customer in customers]),
        ("refused", [f"nobody{n}@x.example" for n in range(500)]),
    ):
        requests = [
            f"GET /api/v1/entitlements/check?product=cad-pro&email={email} HTTP/1.1\r\n{headers}".encode()
            for email in emails
        ]
        rounds = [await load(port, server, requests) for _ in range(ROUNDS)]
        rate, p50, p99, cost = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(
            f"{f'check, {CONNECTIONS} connections, {name}':44}{rate:>10,.0f} per second   "
            f"p50 {p50:.2f} ms   p99 {p99:.2f} ms   server {cost:.0f} µs"
        )
    await measure_batch(port, server, token, customers)


async def measure_batch(port: int, server: psutil.Process, token: str, customers: list[Customer]) -> None:
    """A thousand questions in one request."""
    asked = [{"product": "cad-pro", "email": customer.buyer_email} for customer in customers[:1000]]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        times = []
        before = spent(server)
        for _ in range(30):
            started_at = time.perf_counter()
            answer = await client.post(
                "/api/v1/entitlements/check",
                content=orjson.dumps(asked),
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            times.append((time.perf_counter() - started_at) * 1000)
            assert answer.status_code == 200
    cost = (spent(server) - before) / len(times) * 1000
    print(f"{'1,000 checks in one request':44}{statistics.median(times):>10.1f} ms   server {cost:.1f} ms")


def main() -> None:
    """Print the table."""
    port = free_port()
    with running_postgres() as postgres, running_nats() as nats, tempfile.TemporaryDirectory() as directory:
        database_url = asyncio.run(Databases(postgres).fresh(service))
        customers = asyncio.run(take_in_a_wave(database_url))
        key = KEY.as_dict(private=True)
        with process(serve, port, database_url, nats.url, directory, key) as server:
            asyncio.run(measure(port, server.pid or 0, customers))


if __name__ == "__main__":
    main()
