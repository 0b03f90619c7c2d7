"""A wave on the whole platform: how long until customers are moved, licensed, have accounts and their mails.

`python -m tests.benchmarks.bench_wave [--customers 1000]` starts a platform of its own, imports an
invented export, schedules a wave for today and watches the databases. It prints when each stage was through, what
every process spent, how many events were carried, and how the API answered meanwhile.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import psutil

from deploy.dev.plan import SERVICES
from tests.harness.platform import Platform, running_platform
from tests.oracle.exports import TRANSFER_ON, an_export
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import zipped

CATALOGUE = json.loads((SAMPLES / "catalogue.json").read_text())
EXPORTED_PER_MOVING = 3.5
"""Of the invented customers three in ten move; the rest has faults or nothing to move."""
SECONDS_TO_FINISH = 1800
SILENCE = 20.0
"""Seconds without any progress after which nothing more is expected."""

STAGES = {
    "transferred": ("shop", "SELECT count(*) FROM transfers WHERE state = 'transferred'"),
    "licensed": ("licensing", "SELECT count(*) FROM licenses WHERE origin = 'transferred'"),
    "accounts": ("identity", "SELECT count(*) FROM accounts WHERE operator_roles = '{}'"),
    "access announced": ("identity", "SELECT count(*) FROM entitlements"),
    "mails queued": ("notifications", "SELECT count(*) FROM messages WHERE template = 'transfer-welcome'"),
    "mails sent": (
        "notifications",
        "SELECT count(*) FROM messages WHERE template = 'transfer-welcome' AND status = 'sent'",
    ),
}
WANTED = (
    "SELECT (SELECT count(*) FROM transfers WHERE state <> 'failed'), count(*), "
    "count(DISTINCT (organization_id, product_code)) FROM subscriptions"
)
ASKED = ("/products?limit=20", "/licenses?limit=20", "/transfer-waves?limit=20", "/accounts?limit=20")


@dataclass
class Progress:
    """How far a stage was, and when it last got further."""

    reached: int = 0
    at: float = 0.0


@dataclass
class Watch:
    """What was seen while the wave ran."""

    started_at: float = field(default_factory=time.perf_counter)
    stages: dict[str, Progress] = field(default_factory=lambda: {name: Progress() for name in STAGES})
    answers: dict[str, list[float]] = field(default_factory=lambda: {path: [] for path in ASKED})
    failures: int = 0

    @property
    def seconds(self) -> float:
        """Since the wave was scheduled."""
        return time.perf_counter() - self.started_at

    def note(self, stage: str, count: int) -> None:
        """The stage has got this far."""
        if count > self.stages[stage].reached:
            self.stages[stage] = Progress(count, self.seconds)

    def is_through(self, wanted: dict[str, int]) -> bool:
        """Whether every stage has reached what the wave brings, or nothing moves any more."""
        reached = all(self.stages[name].reached >= count for name, count in wanted.items())
        return reached or self.seconds - max(progress.at for progress in self.stages.values()) > SILENCE


async def bench(platform: Platform, customers: int) -> None:
    """Prepare, run the wave, print the tables."""
    with platform.operator() as operator:
        fill_catalogue(operator)
        import_customers(operator, customers)
        wave = plan_wave(operator, customers)
    async with databases(platform) as known:
        spent, events = processor_seconds(platform), await events_of(known)
        watch = Watch()
        with platform.operator() as operator:
            good(operator.post(f"/transfer-waves/{wave}/schedule", timeout=120))
        callers = asyncio.create_task(keep_asking(platform, watch))
        await follow(known, watch)
        callers.cancel()
        await asyncio.gather(callers, return_exceptions=True)
        print_stages(watch)
        print_answers(watch)
        print_costs(spent, processor_seconds(platform), watch, await events_of(known) - events)


def fill_catalogue(operator: httpx.Client) -> None:
    """Regions, products and prices of the export."""
    for path in ("regions", "products"):
        for body in CATALOGUE[path]:
            good(operator.post(f"/{path}", json=body))
    for price in CATALOGUE["prices"]:
        body = {
            "product_code": price["product"],
            "region": price["region"],
            "interval": price["interval"],
            "amount": {"amount": price["amount"], "currency": price["currency"]},
            "valid_from": price["valid_from"],
        }
        good(operator.post("/prices", json=body))


def import_customers(operator: httpx.Client, customers: int) -> None:
    """An export with enough customers that move, carried through."""
    began = time.perf_counter()
    bundle = zipped(an_export(CATALOGUE, customers=int(customers * EXPORTED_PER_MOVING), seed=7))
    upload = {"bundle": ("export.zip", bundle, "application/zip")}
    started = good(operator.post("/transfer-imports", files=upload, data={"exported_on": "2027-02-05"}, timeout=600))
    while (found := good(operator.get(f"/transfer-imports/{started['id']}")))["finished_at"] is None:
        time.sleep(0.5)
    assert found["state"] == "completed", found
    print(f"{'export read and checked':34}{time.perf_counter() - began:>10.1f} s", flush=True)


def plan_wave(operator: httpx.Client, customers: int) -> str:
    """A wave of that many customers that move, for the business day it is."""
    body = {
        "name": "Benchmark",
        "transfer_on": TRANSFER_ON.isoformat(),
        "filter": {"outcome": "moves", "limit": customers},
    }
    return str(good(operator.post("/transfer-waves", json=body, timeout=120))["id"])


@contextlib.asynccontextmanager
async def databases(platform: Platform) -> AsyncIterator[dict[str, asyncpg.Connection]]:
    """A connection to every service's database, to look only."""
    base = platform.stack.postgres.url.rpartition("/")[0]
    known = {name: await asyncpg.connect(f"{base}/{name}") for name in SERVICES}
    try:
        yield known
    finally:
        for connection in known.values():
            await connection.close()


async def follow(known: dict[str, asyncpg.Connection], watch: Watch) -> None:
    """Look twice a second until everything has arrived."""
    while watch.seconds < SECONDS_TO_FINISH:
        for stage, (service, question) in STAGES.items():
            watch.note(stage, await known[service].fetchval(question))
        moving, subscriptions, accesses = await known["shop"].fetchrow(WANTED)
        wanted = {"licensed": subscriptions, "access announced": accesses}
        if watch.is_through({stage: wanted.get(stage, moving) for stage in STAGES}):
            return
        await asyncio.sleep(0.5)


async def events_of(known: dict[str, asyncpg.Connection]) -> Any:
    """Events published and events handled so far."""
    published = [await connection.fetchval("SELECT count(*) FROM outbox") for connection in known.values()]
    handled = [await connection.fetchval("SELECT count(*) FROM inbox") for connection in known.values()]
    return Counts(sum(published), sum(handled))


@dataclass(frozen=True)
class Counts:
    """Events, on their way out and on their way in."""

    published: int
    handled: int

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(self.published - other.published, self.handled - other.handled)


async def keep_asking(platform: Platform, watch: Watch) -> None:
    """Ask the API again and again meanwhile, through the gateway, as one caller of each list would."""
    token = platform.token("operator-cli", platform.stack.secrets.operator_client, "operator:read")
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"{platform.public_url}/api/v1", headers=headers, timeout=30) as client:
        while True:
            for path in ASKED:
                before = time.perf_counter()
                answer = await client.get(path)
                watch.answers[path].append(time.perf_counter() - before)
                watch.failures += answer.status_code != 200
            await asyncio.sleep(0.05)


def processor_seconds(platform: Platform) -> dict[str, float]:
    """What every process has spent of the processor so far, its children included."""
    pids = {name: process.pid for name, process in platform.stack.processes.items()}
    postmaster = (platform.stack.postgres.directory / "postmaster.pid").read_text().split()[0]
    pids |= {"postgres": int(postmaster), "nats": platform.stack.nats.pid}
    return {name: _spent(pid) for name, pid in pids.items() if pid}


def _spent(pid: int) -> float:
    total = 0.0
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def print_stages(watch: Watch) -> None:
    """When each stage was through."""
    print(f"\n{'stage':34}{'reached':>10}{'seconds':>10}{'per second':>12}")
    for name, progress in watch.stages.items():
        rate = progress.reached / progress.at if progress.at else 0
        print(f"{name:34}{progress.reached:>10,}{progress.at:>10.1f}{rate:>12,.0f}")


def print_answers(watch: Watch) -> None:
    """How the API answered."""
    print(f"\n{'API meanwhile, by the gateway':34}{'answers':>10}{'p50 ms':>10}{'p99 ms':>12}{'most':>10}")
    everything = [seconds for times in watch.answers.values() for seconds in times]
    for path, times in {**watch.answers, "all": everything}.items():
        ordered = sorted(times)
        columns = (statistics.median(ordered), ordered[len(ordered) * 99 // 100], ordered[-1])
        shown = [value * 1000 for value in columns]
        print(f"{path:34}{len(times):>10,}{shown[0]:>10.0f}{shown[1]:>12.0f}{shown[2]:>10.0f}")
    print(f"{'refused or failed':34}{watch.failures:>10}")


def print_costs(before: dict[str, float], after: dict[str, float], watch: Watch, events: Counts) -> None:
    """What it cost."""
    print(f"\n{'process':34}{'processor s':>12}")
    for name in after:
        print(f"{name:34}{after[name] - before[name]:>12.1f}")
    print(f"\n{'events published':34}{events.published:>10,}{events.published / watch.seconds:>12,.0f} per second")
    print(f"{'events handled':34}{events.handled:>10,}{events.handled / watch.seconds:>12,.0f} per second")
    print(f"{'load of the machine':34}{os.getloadavg()[0]:>10.1f} on {os.cpu_count()} processors")


def good(answer: httpx.Response) -> Any:
    """The body of an answer that must be a good one."""
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1000)
    arguments = parser.parse_args()
    noon = datetime.combine(TRANSFER_ON, datetime.min.time(), UTC) + timedelta(hours=12)
    with running_platform(with_demo=False) as platform:
        platform.advance(noon - platform.now())
        asyncio.run(bench(platform, arguments.customers))


if __name__ == "__main__":
    main()
