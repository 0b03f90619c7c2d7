"""What a hop through the gateway costs: small answers against the service itself, large bodies and their memory.

Run it alone on a quiet machine: `python -m tests.benchmarks.bench_gateway`. Both sides take turns in one run.
"""

import asyncio
import contextlib
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvicorn

from chassis.http.app import create_app
from chassis.kernel.ids import new_id
from chassis.ops.settings import PlatformSettings
from chassis.runtime import Runtime
from gateway.main import service
from gateway.settings import GatewaySettings
from tests.gateway.party import Party, Person
from tests.harness.servers import Databases, free_port, running_nats, running_postgres

CONNECTIONS = 16
SECONDS = 4
ROUNDS = 3
MEBIBYTE = 1024 * 1024
SMALL = b'{"id":"sub_01k9w2v6q4f0h8m3n5p7r9s1t3","status":"active","quantity":5}'


class SmallParty(Party):
    """A service that answers at once, so that what is measured is the hop."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"] == "/api/v1/subscriptions/small":
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(SMALL)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": SMALL})
            return
        await super().__call__(scope, receive, send)


class Caller(asyncio.Protocol):
    """One connection that sends a request as soon as it has the answer to the one before."""

    def __init__(self, request: bytes, latencies: list[float]) -> None:
        self._request = request
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
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)


async def load(port: int, headers: str, connections: int = CONNECTIONS) -> tuple[float, float, float]:
    """Requests per second, median and 99th percentile in milliseconds."""
    request = f"GET /api/v1/subscriptions/small HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}\r\n".encode()
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    callers = []
    for _ in range(connections):
        _, caller = await loop.create_connection(lambda: Caller(request, latencies), "127.0.0.1", port)
        callers.append(caller)
    await asyncio.sleep(0.5)
    latencies.clear()
    await asyncio.sleep(SECONDS)
    for caller in callers:
        caller.stop()
    latencies.sort()
    return len(latencies) / SECONDS, latencies[len(latencies) // 2] * 1000, latencies[len(latencies) * 99 // 100] * 1000


def serve_party(port: int) -> None:
    """The service's process."""
    uvicorn.run(SmallParty(port), port=port, log_level="error", lifespan="off", access_log=False)


def serve_gateway(port: int, database_url: str, nats_url: str, party_url: str, directory: str) -> None:
    """The gateway's process."""
    names = ("identity_url", "shop_url", "licensing_url", "notifications_url")
    platform = PlatformSettings(
        profile="test", nats_url=nats_url, data_dir=Path(directory), **dict.fromkeys(names, party_url)
    )
    runtime = Runtime(service, platform=platform, settings=GatewaySettings(database_url=database_url))
    app = create_app(service, runtime)
    uvicorn.run(
        app, port=port, log_level="error", access_log=False, http="httptools", loop="uvloop", server_header=False
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


async def reachable(url: str) -> None:
    """Wait until something answers."""
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            with contextlib.suppress(httpx.HTTPError):
                await client.get(url)
                return
            await asyncio.sleep(0.1)
    raise TimeoutError(url)


async def sign_in(gateway_url: str, party_url: str) -> str:
    """A session's cookie."""
    async with httpx.AsyncClient(base_url=gateway_url) as browser:
        begun = await browser.get("/bff/login")
        person = Person(account_id=new_id("acc"), email="a@example.com", organizations={"org_a": ("owner",)})
        granted = await browser.post(
            f"{party_url}/authorize",
            json={"location": begun.headers["location"], "account_id": person.account_id, "email": person.email},
        )
        await browser.get(granted.text)
        return browser.cookies["gw"]


async def small_answers(gateway_port: int, party_port: int, cookie: str) -> None:
    """Direct and through the gateway, in turns."""
    session = f"Cookie: gw={cookie}\r\n"
    sides = {"direct": (party_port, ""), "session": (gateway_port, session)}
    sides["bearer"] = (gateway_port, "Authorization: Bearer abc\r\n")
    for connections in (CONNECTIONS, 1):
        rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in sides}
        for _ in range(ROUNDS):
            for name, (port, headers) in sides.items():
                rows[name].append(await load(port, headers, connections))
        print(f"{f'small answer, {connections} connection(s)':34}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}")
        for name, measured in rows.items():
            columns = [statistics.median(column) for column in zip(*measured, strict=True)]
            print(f"{name:34}{columns[0]:>12,.0f}{columns[1]:>9.2f}{columns[2]:>9.2f}")
        print()


async def large_answers(gateway_port: int, party_port: int, gateway_pid: int) -> None:
    """One large body after the other, with the gateway's memory before and at its most."""
    gateway = psutil.Process(gateway_pid)
    print(f"{'large answer':34}{'MiB/s':>12}{'memory MiB before':>20}{'at most':>9}")
    for name, port in (("direct", party_port), ("gateway", gateway_port)):
        for mebibytes in (1, 100):
            before = most = gateway.memory_info().rss
            started_at = time.perf_counter()
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:  # noqa: SIM117
                async with client.stream("GET", f"/api/v1/products/big?mebibytes={mebibytes}") as answer:
                    async for _ in answer.aiter_raw():
                        most = max(most, gateway.memory_info().rss)
            rate = mebibytes / (time.perf_counter() - started_at)
            memory = f"{before / MEBIBYTE:>20.0f}{most / MEBIBYTE:>9.0f}" if name == "gateway" else ""
            print(f"{f'{name}, {mebibytes} MiB':34}{rate:>12,.0f}{memory}")


async def measure(gateway_port: int, party_port: int, gateway_pid: int) -> None:
    """Everything, one after the other."""
    await reachable(f"http://127.0.0.1:{party_port}/readyz")
    await reachable(f"http://127.0.0.1:{gateway_port}/healthz")
    cookie = await sign_in(f"http://127.0.0.1:{gateway_port}", f"http://127.0.0.1:{party_port}")
    await small_answers(gateway_port, party_port, cookie)
    await large_answers(gateway_port, party_port, gateway_pid)


def main() -> None:
    """Print the tables."""
    party_port, gateway_port = free_port(), free_port()
    with (
        running_postgres() as postgres,
        running_nats() as nats,
        tempfile.TemporaryDirectory() as directory,
        process(serve_party, party_port),
    ):
        database_url = asyncio.run(Databases(postgres).fresh(service))
        party_url = f"http://127.0.0.1:{party_port}"
        with process(serve_gateway, gateway_port, database_url, nats.url, party_url, directory) as gateway:
            asyncio.run(measure(gateway_port, party_port, gateway.pid or os.getpid()))


if __name__ == "__main__":
    main()
