"""What the shop does per second in one process: the product list, and orders placed end to end.

Run it alone on a quiet machine: `python -m tests.benchmarks.bench_shop`. The processor time per answer is the figure
to compare on a busy one. Aims: 4,000 product lists and 120 orders per second.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvicorn
from joserfc.jwk import ECKey, KeySet

from chassis.auth.revocations import Revocations
from chassis.auth.tokens import TokenVerifier
from chassis.cli import spare_the_collector
from chassis.http.app import create_app
from chassis.kernel.clock import SystemClock
from chassis.ops.settings import PlatformSettings
from chassis.runtime import Runtime
from chassis.service import Service
from shop.main import service
from tests.benchmarks.bench_entitlements import Caller, process, reachable, spent
from tests.harness.servers import Databases, LocalNats, free_port, running_nats, running_postgres
from tests.harness.service import running
from tests.harness.tokens import ISSUER, KEY, access_token
from tests.shop.builders import BUYER_SCOPES, Customer, a_customer, line, open_market

CONNECTIONS = 16
CLIENTS = 8
SECONDS = 4
FIRST_ORDERS_EACH = 5
"""With these the process opens its connections and prepares its statements, as it does once after a start."""
ORDERS_EACH = 120


def serve(port: int, database_url: str, nats_url: str, directory: str, key: dict[str, Any]) -> None:
    """The service's process, trusting the benchmark's key."""
    platform = PlatformSettings(profile="test", public_url=ISSUER, nats_url=nats_url, data_dir=Path(directory))
    keys = KeySet([ECKey.import_key(key)])
    verifier = TokenVerifier(issuer=ISSUER, audience=f"{ISSUER}/api", revocations=Revocations(), keys=keys)
    settings = service.settings(database_url=database_url)
    runtime = Runtime(service, platform=platform, settings=settings, clock=SystemClock(), verifier=verifier)
    app = create_app(service, runtime)
    spare_the_collector()
    uvicorn.run(app, port=port, log_level="error", access_log=False, server_header=False)


class Kept(Databases):
    """Hands out one database, so that what was prepared in it can be served by a process of its own."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def fresh(self, service: Service) -> str:
        """The database."""
        return self._url


async def prepared(databases: Databases, nats: LocalNats, directory: str) -> list[tuple[str, str]]:
    """Open the market and make customers; a token and a payment method of each."""
    async with running(service, databases, nats, platform={"data_dir": Path(directory)}) as shop:
        await open_market(shop)
        customers = [await a_customer(shop) for _ in range(CLIENTS)]
        return [(_token(customer), await customer.card()) for customer in customers]


def _token(customer: Customer) -> str:
    return access_token(scopes=BUYER_SCOPES, org=customer.id, roles=("owner",), email=customer.email)


async def product_list(port: int, server: psutil.Process, token: str) -> None:
    """The list of a customer's region, asked for by many at once."""
    request = (
        f"GET /api/v1/products?limit=20 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    callers = [
        (await loop.create_connection(lambda: Caller([request], 0, latencies), "127.0.0.1", port))[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(0.5)
    latencies.clear()
    before = spent(server)
    await asyncio.sleep(SECONDS)
    report(f"product list, {CONNECTIONS} connections", latencies, SECONDS, spent(server) - before)
    for caller in callers:
        caller.stop()


async def orders(port: int, server: psutil.Process, buyers: list[tuple[str, str]], *, each: int, name: str) -> None:
    """Each client places one order after the other: priced, paid, subscription begun, invoice numbered."""
    latencies: list[float] = []

    async def buy(token: str, card: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
            for _ in range(each):
                began = time.perf_counter()
                answer = await client.post(
                    "/api/v1/orders", json={"lines": [line(quantity=3)], "payment_method_id": card}
                )
                assert answer.status_code == 201, answer.text
                latencies.append(time.perf_counter() - began)

    began, before = time.perf_counter(), spent(server)
    await asyncio.gather(*[buy(token, card) for token, card in buyers])
    report(f"{name}, {CLIENTS} clients", latencies, time.perf_counter() - began, spent(server) - before)


def report(what: str, latencies: list[float], seconds: float, processor: float) -> None:
    """One line of the table."""
    ordered = sorted(latencies)
    p50, p99 = statistics.median(ordered) * 1000, ordered[len(ordered) * 99 // 100] * 1000
    cost = processor / len(ordered) * 1e6
    print(f"{what:34}{len(ordered) / seconds:>12,.0f}{p50:>9.2f}{p99:>9.2f}{cost:>11,.0f}", flush=True)


async def measure(port: int, pid: int, buyers: list[tuple[str, str]]) -> None:
    """The table."""
    await reachable(f"http://127.0.0.1:{port}/healthz")
    server = psutil.Process(pid)
    print(f"{'':34}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}{'server µs':>11}")
    await product_list(port, server, buyers[0][0])
    await orders(port, server, buyers, each=FIRST_ORDERS_EACH, name="first orders after the start")
    await orders(port, server, buyers, each=ORDERS_EACH, name="order placed")


def main() -> None:
    """Print the table."""
    port = free_port()
    with running_postgres() as postgres, running_nats() as nats, tempfile.TemporaryDirectory() as directory:
        database_url = asyncio.run(Databases(postgres).fresh(service))
        buyers = asyncio.run(prepared(Kept(database_url), nats, directory))
        with process(serve, port, database_url, nats.url, directory, KEY.as_dict(private=True)) as shop:
            asyncio.run(measure(port, shop.pid or 0, buyers))


if __name__ == "__main__":
    main()
