"""How long the dry run of a large wave takes: `python -m tests.benchmarks.bench_check [customers]`.

Prints a table: customers per second, how the API answered meanwhile, the longest the event loop stood still, and the
memory it took.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.benchmarks.bench_import import a_shop, import_all, latencies, line, waiting_calls
from tests.harness.service import RunningService
from tests.oracle.exports import an_export
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import zipped

CATALOGUE = json.loads((SAMPLES / "catalogue.json").read_text())
TICK = 0.005


async def main(customers: int) -> None:
    """Import, plan one wave of everybody, and check it: in the background, and while the caller waits."""
    bundle = zipped(an_export(CATALOGUE, customers=customers, seed=7))
    async with a_shop() as shop:
        await import_all(shop, bundle)
        path = await a_wave_of_everybody(shop)
        for name, at_once in (("in the background", 0), ("while the caller waits", customers)):
            shop.runtime.settings.transfer_check_at_once = at_once
            before = memory()
            async with waiting_calls(shop) as answers, standing_still() as pauses:
                started = time.perf_counter()
                checked = await check(shop, path)
                seconds = time.perf_counter() - started
            total = checked["summary"]["customers"]["total"]
            line(f"check {name}", f"{seconds:.1f} s = {total / seconds:,.0f} customers/s, {total:,} customers")
            latencies(answers)
            line("  event loop busy between two looks at most", f"{max(pauses) * 1000:.0f} ms")
            line("  memory more than before", f"{memory() - before:,.0f} MiB")


async def a_wave_of_everybody(shop: RunningService) -> str:
    """A draft with every customer who has something to move."""
    wanted = {"name": "Benchmark", "transfer_on": "2027-02-23", "filter": {}}
    async with shop.operator() as operator:
        answer = await operator.post("/api/v1/transfer-waves", json=wanted, timeout=60)
        assert answer.status_code == 201, answer.text
        return f"/api/v1/transfer-waves/{answer.json()['id']}"


async def check(shop: RunningService, path: str) -> Any:
    """Ask for the check and wait for its result, whichever way it comes."""
    async with shop.operator() as operator:
        answer = await operator.post(f"{path}/check", timeout=600)
        assert answer.status_code in (200, 202), answer.text
        if answer.status_code == 200:
            return answer.json()
        while True:
            if (await operator.get(path)).json()["check_progress"] is None:
                break
            await asyncio.sleep(0.1)
        return (await operator.get(f"{path}/check")).json()


@asynccontextmanager
async def standing_still() -> AsyncIterator[list[float]]:
    """How long the event loop worked at one thing, in its own processor time: what other processes take is not in it."""
    pauses: list[float] = []

    async def watch() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(TICK)
            pauses.append(time.thread_time() - before)

    task = asyncio.create_task(watch())
    try:
        yield pauses
    finally:
        task.cancel()


def memory() -> float:
    """The most memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]]
    asyncio.run(main(*(sizes or [20_000])))
