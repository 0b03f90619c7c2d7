"""Work that falls due: rows with a time, claimed under locks, run once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from chassis.db.transaction import Database, Transaction
from chassis.kernel.ids import new_id
from chassis.ops import context, metrics
from chassis.ops.logging import get_logger
from chassis.ops.tasks import outlast
from chassis.sweeps import Sweep, Sweeps, rest

log = get_logger(__name__)

BATCH = 100
IO_AT_ONCE = 16
IDLE_SECONDS = 0.5
LEASE = timedelta(minutes=2)
RETRY_SECONDS = (1, 5, 15, 60, 300, 900, 3600)
DEAD_AFTER = 12

DatabaseJob = Callable[[Transaction, dict[str, Any]], Awaitable[None]]
OutsideJob = Callable[[Any, dict[str, Any]], Awaitable[None]]


class Postpone(Exception):
    """Raised by a job that is too early: run it again at `until` (business time), not counted as a failure."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"postponed until {until.isoformat()}")
        self.until = until


@dataclass
class Jobs:
    """The jobs a feature knows, by kind."""

    database: dict[str, DatabaseJob] = field(default_factory=dict)
    outside: dict[str, OutsideJob] = field(default_factory=dict)
    sweeps: dict[str, tuple[float, Sweep]] = field(default_factory=dict)

    def on(self, kind: str) -> Callable[[DatabaseJob], DatabaseJob]:
        """A job of pure database work: claim, effect and completion are one transaction, so it happens exactly once."""

        def register(run: DatabaseJob) -> DatabaseJob:
            self.database[kind] = run
            return run

        return register

    def io(self, kind: str) -> Callable[[OutsideJob], OutsideJob]:
        """A job that talks to the outside world: at least once, under a lease; it must be idempotent itself."""

        def register(run: OutsideJob) -> OutsideJob:
            self.outside[kind] = run
            return run

        return register

    def every(self, name: str, *, seconds: float) -> Callable[[Sweep], Sweep]:
        """Level-triggered work, looked at every `seconds`, and when roused, by one process at a time."""

        def register(run: Sweep) -> Sweep:
            self.sweeps[name] = (seconds, run)
            return run

        return register


class Timer:
    """Runs what is due in one service, by business time; leases and backoff use the real time."""

    def __init__(self, database: Database, jobs: list[Jobs], runtime: Any) -> None:
        self._database = database
        self._runtime = runtime
        self._on: dict[str, DatabaseJob] = {}
        self._io: dict[str, OutsideJob] = {}
        for known in jobs:
            self._on |= known.database
            self._io |= known.outside
        self.sweeps = Sweeps(database, {name: spec for known in jobs for name, spec in known.sweeps.items()}, runtime)
        self._wake = asyncio.Event()
        self._gate = asyncio.Semaphore(IO_AT_ONCE)
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """A job may have become due."""
        self._wake.set()

    async def run(self) -> None:
        """Run due work for ever; on cancellation finish the outside calls that have begun."""
        sweeps = self.sweeps.start()
        try:
            while True:
                self._wake.clear()
                if not await self._try_once():
                    await rest(self._wake, IDLE_SECONDS)
        finally:
            for task in sweeps:
                task.cancel()
            await outlast(sweeps)
            if self._running:
                await asyncio.wait(self._running, timeout=10)

    async def run_once(self) -> int:
        """Run what is due now, outside jobs included, until nothing is; how many jobs were run.

        What the background began is waited for, too: afterwards everything that was due is done.
        """
        total = 0
        while (done := await self._work()) or self._running:
            total += done
            if self._running:
                await asyncio.wait(set(self._running))
        return total

    async def _try_once(self) -> int:
        try:
            return await self._work()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("timer.delayed", reason=repr(error)[:300])
            await asyncio.sleep(IDLE_SECONDS)
            return 0

    async def _work(self) -> int:
        async with self._turn:
            await self._requeue_lost()
            return await self._run_database_jobs() + await self._start_outside_jobs()

    def _due(self, kinds: list[str], limit: int) -> Any:
        jobs = self._database.tables.jobs
        return (
            select(jobs)
            .where(
                jobs.c.state == "pending",
                jobs.c.due_at <= self._database.clock.now(),
                or_(jobs.c.not_before.is_(None), jobs.c.not_before <= func.now()),
                jobs.c.kind.in_(kinds),
            )
            .order_by(jobs.c.due_at, jobs.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

    async def _run_database_jobs(self) -> int:
        if not self._on:
            return 0
        context.begin(actor="system:timer")
        async with self._database.transaction() as tx:
            rows = await tx.all(self._due(list(self._on), BATCH))
            for row in rows:
                await self._run_database_job(tx, row)
        return len(rows)

    async def _run_database_job(self, tx: Transaction, row: Any) -> None:
        if row.not_after is not None and tx.now > row.not_after:
            await self._finish(tx, row.id, "skipped", row.kind)
            return
        mark = tx.mark()
        tx.actor = f"system:{row.kind}"
        try:
            async with tx.connection.begin_nested():
                await self._on[row.kind](tx, row.payload)
        except Postpone as later:
            tx.return_to(mark)
            await self._put_off(tx, row.id, later.until)
        except Exception as error:
            if getattr(error, "connection_invalidated", False):
                raise
            tx.return_to(mark)
            await self._fail(tx, row, error)
        else:
            await self._finish(tx, row.id, "done", row.kind)

    async def _start_outside_jobs(self) -> int:
        room = IO_AT_ONCE * 2 - len(self._running)
        if not self._io or room <= 0:
            return 0
        token = new_id("lease")
        jobs = self._database.tables.jobs
        async with self._database.transaction(actor="system:timer") as tx:
            rows = await tx.all(self._due(list(self._io), room))
            if rows:
                await tx.execute(
                    update(jobs)
                    .where(jobs.c.id.in_([row.id for row in rows]))
                    .values(
                        state="running",
                        lease_token=token,
                        lease_until=datetime.now(UTC) + LEASE,
                        attempts=jobs.c.attempts + 1,
                    )
                )
        for row in rows:
            task = asyncio.create_task(self._run_outside_job(row, token))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            task.add_done_callback(lambda _: self.wake())
        return len(rows)

    async def _run_outside_job(self, row: Any, token: str) -> None:
        async with self._gate:
            context.begin(actor=f"system:{row.kind}")
            if row.not_after is not None and self._database.clock.now() > row.not_after:
                await self._conclude(row, token, "skipped")
                return
            try:
                await self._io[row.kind](self._runtime, row.payload)
            except Postpone as later:
                await self._conclude(row, token, "pending", due_at=later.until)
            except Exception as error:
                await self._conclude_failure(row, token, error)
            else:
                await self._conclude(row, token, "done")

    async def _conclude(self, row: Any, token: str, state: str, **values: Any) -> None:
        jobs = self._database.tables.jobs
        finished_at = None if state == "pending" else self._database.clock.now()
        async with self._database.transaction() as tx:
            await tx.execute(
                update(jobs)
                .where(jobs.c.id == row.id, jobs.c.lease_token == token)
                .values(state=state, lease_token=None, lease_until=None, finished_at=finished_at, **values)
            )
        metrics.jobs_run.labels(row.kind, state).inc()

    async def _conclude_failure(self, row: Any, token: str, error: Exception) -> None:
        attempts = row.attempts + 1
        log.warning("job.failed", kind=row.kind, job=row.id, attempts=attempts, reason=repr(error)[:500])
        state = "dead" if attempts >= DEAD_AFTER else "pending"
        await self._conclude(
            row,
            token,
            state,
            last_error=repr(error)[:2000],
            not_before=datetime.now(UTC) + _backoff(attempts),
        )

    async def _finish(self, tx: Transaction, job_id: str, state: str, kind: str) -> None:
        jobs = self._database.tables.jobs
        await tx.execute(update(jobs).where(jobs.c.id == job_id).values(state=state, finished_at=tx.now))
        metrics.jobs_run.labels(kind, state).inc()

    async def _put_off(self, tx: Transaction, job_id: str, until: datetime) -> None:
        jobs = self._database.tables.jobs
        await tx.execute(update(jobs).where(jobs.c.id == job_id).values(due_at=until))

    async def _fail(self, tx: Transaction, row: Any, error: Exception) -> None:
        jobs = self._database.tables.jobs
        attempts = row.attempts + 1
        state = "dead" if attempts >= DEAD_AFTER else "pending"
        log.warning("job.failed", kind=row.kind, job=row.id, attempts=attempts, reason=repr(error)[:500])
        await tx.execute(
            update(jobs)
            .where(jobs.c.id == row.id)
            .values(
                state=state,
                attempts=attempts,
                last_error=repr(error)[:2000],
                not_before=datetime.now(UTC) + _backoff(attempts),
            )
        )
        metrics.jobs_run.labels(row.kind, "failed").inc()

    async def _requeue_lost(self) -> None:
        """Hand back the outside jobs of a process that died: their lease has run out."""
        if not self._io:
            return
        jobs = self._database.tables.jobs
        async with self._database.transaction(actor="system:timer") as tx:
            await tx.execute(
                update(jobs)
                .where(jobs.c.state == "running", jobs.c.lease_until < func.now())
                .values(state="pending", lease_token=None, lease_until=None)
            )


def _backoff(attempts: int) -> timedelta:
    seconds = RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
