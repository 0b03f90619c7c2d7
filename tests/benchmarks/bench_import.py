"""How fast an export is imported and a wave is cut: `python -m tests.benchmarks.bench_import [customers] [wave]`.

Prints a table: rows and customers per second, the memory it took, and how the API answered meanwhile.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from chassis.cli import spare_the_collector
from shop.main import service
from tests.harness.servers import Databases, running_nats, running_postgres
from tests.harness.service import RunningService, running
from tests.oracle.exports import an_export
from tests.shop.transfers.conftest import fill_catalogue
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import zipped

CATALOGUE = json.loads((SAMPLES / "catalogue.json").read_text())
NOW = datetime(2027, 2, 23, 12, 0, tzinfo=UTC)


async def main(customers: int, wave: int) -> None:
    """Import, then cut a wave, and print what it took."""
    files = an_export(CATALOGUE, customers=customers, seed=7)
    rows = sum(content.count(b"\n") for content in files.values())
    bundle = zipped(files)
    async with a_shop() as shop:
        async with waiting_calls(shop) as answers:
            before = time.perf_counter()
            imported = await import_all(shop, bundle)
            seconds = time.perf_counter() - before
        line("rows in the export", f"{rows:,}")
        line(
            "import: received to checked",
            f"{seconds:.1f} s = {customers / seconds:,.0f} customers/s, {rows / seconds:,.0f} rows/s",
        )
        line("import: outcomes", str(imported["summary"]["customers"]))
        latencies(answers)
        async with waiting_calls(shop) as answers:
            before = time.perf_counter()
            moved = await cut(shop, wave)
            seconds = time.perf_counter() - before
        line("cut: scheduled to everybody decided", f"{seconds:.1f} s = {wave / seconds:,.0f} customers/s, {moved}")
        latencies(answers)
    line("memory of this process at most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


@asynccontextmanager
async def a_shop() -> AsyncIterator[RunningService]:
    """A shop with the sample catalogue; like a served one, it looks for garbage only among what a request makes."""
    with running_postgres() as postgres, running_nats() as nats, tempfile.TemporaryDirectory() as directory:
        platform = {"data_dir": Path(directory)}
        async with running(service, Databases(postgres), nats, platform=platform) as shop:
            shop.clock.set(NOW)
            await fill_catalogue(shop)
            spare_the_collector()
            yield shop


async def import_all(shop: RunningService, bundle: bytes) -> dict[str, Any]:
    """Upload and wait."""
    async with shop.operator() as operator:
        answer = await operator.post(
            "/api/v1/transfer-imports",
            files={"bundle": ("export.zip", bundle, "application/zip")},
            data={"exported_on": "2027-02-05"},
            timeout=600,
        )
        path = f"/api/v1/transfer-imports/{answer.json()['id']}"
        phase, since = "", time.perf_counter()
        while True:
            found = (await operator.get(path)).json()
            if found["progress"].get("phase") != phase:
                line(f"  {phase or 'upload'}", f"{time.perf_counter() - since:.1f} s")
                phase, since = found["progress"].get("phase"), time.perf_counter()
            if found["finished_at"]:
                assert found["state"] == "completed", found
                return found
            await asyncio.sleep(0.1)


async def cut(shop: RunningService, size: int) -> dict[str, int]:
    """Take `size` customers that move, schedule them for today, and wait until each is decided."""
    async with shop.operator() as operator:
        wanted = {
            "name": "Benchmark",
            "transfer_on": NOW.date().isoformat(),
            "filter": {"outcome": "moves", "limit": size},
        }
        answer = await operator.post("/api/v1/transfer-waves", json=wanted, timeout=60)
        path = f"/api/v1/transfer-waves/{answer.json()['id']}"
        await operator.post(f"{path}/schedule", timeout=60)
        while True:
            found = (await operator.get(path)).json()
            if found["state"] == "completed":
                return found["states"]
            await asyncio.sleep(0.5)


@asynccontextmanager
async def waiting_calls(shop: RunningService) -> AsyncIterator[list[float]]:
    """Ask for the product list again and again meanwhile; how long each answer took."""
    answers: list[float] = []

    async def ask() -> None:
        async with shop.operator() as caller:
            while True:
                before = time.perf_counter()
                await caller.get("/api/v1/transfer-waves", params={"limit": 1})
                answers.append(time.perf_counter() - before)
                await asyncio.sleep(0.05)

    task = asyncio.create_task(ask())
    try:
        yield answers
    finally:
        task.cancel()


def latencies(answers: list[float]) -> None:
    """The API meanwhile."""
    ordered = sorted(answers)
    p99 = ordered[int(len(ordered) * 0.99) - 1]
    line(
        "  API meanwhile",
        f"median {median(ordered) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, most {ordered[-1] * 1000:.0f} ms",
    )


def line(name: str, value: str) -> None:
    """A row of the table."""
    print(f"{name:<40}{value}", flush=True)


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]]
    asyncio.run(main(*(sizes + [100_000, 10_000][len(sizes) :])))
