"""Jobs by business time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.runtime import Runtime
from chassis.timer import Jobs, Timer
from tests.chassis.test_events import value_of
from tests.harness.eventually import eventually
from tests.harness.service import RunningService


async def test_a_job_runs_when_the_business_clock_reaches_it_and_once(sample: RunningService) -> None:
    due_at = sample.clock.now() + timedelta(days=14)
    async with sample.runtime.database.transaction() as tx:
        tx.schedule("counter.raise", key="in-two-weeks", due_at=due_at, payload={"name": "later"})
    async with sample.runtime.database.transaction() as tx:
        tx.schedule("counter.raise", key="in-two-weeks", due_at=due_at, payload={"name": "later"})
    await sample.work()
    assert await value_of(sample, "later") == 0

    sample.clock.advance(timedelta(days=14))
    await eventually(lambda: value_of(sample, "later"))
    await sample.work()

    assert await value_of(sample, "later") == 1


async def test_a_job_past_its_last_moment_is_skipped(sample: RunningService) -> None:
    now = sample.clock.now()
    async with sample.runtime.database.transaction() as tx:
        tx.schedule(
            "counter.raise", key="stale", due_at=now, not_after=now - timedelta(hours=1), payload={"name": "stale"}
        )
    await sample.work()

    jobs = sample.runtime.database.tables.jobs

    async def state() -> bool:
        async with sample.runtime.database.read() as reader:
            return await reader.scalar(select(jobs.c.state).where(jobs.c.key == "stale")) == "skipped"

    await eventually(state)
    assert await value_of(sample, "stale") == 0


async def test_a_cancelled_group_does_not_run(sample: RunningService) -> None:
    async with sample.runtime.database.transaction() as tx:
        tx.schedule(
            "counter.raise",
            key="called-off",
            due_at=sample.clock.now() + timedelta(hours=1),
            payload={"name": "called-off"},
            group="g",
        )
        await tx.cancel_jobs("g")
    sample.clock.advance(timedelta(hours=2))
    await sample.work()

    assert await value_of(sample, "called-off") == 0


async def test_outside_work_runs_under_a_lease(sample: RunningService) -> None:
    async with sample.client(scopes="counters:write") as caller:
        await caller.post("/api/v1/counters/called/raise")
    async with sample.runtime.database.transaction() as tx:
        tx.schedule("counter.call", key="c", due_at=sample.clock.now(), payload={"name": "called"})

    async def was_called() -> bool:
        return await value_of(sample, "called") == 99

    await eventually(was_called)


async def test_a_rolled_back_savepoint_takes_only_its_own_news_with_it(sample: RunningService) -> None:
    due_at = sample.clock.now() + timedelta(days=400)
    async with sample.runtime.database.transaction() as tx:
        tx.schedule("counter.raise", key="kept", due_at=due_at, payload={"name": "kept"}, group="kept")
        mark = tx.mark()
        savepoint = await tx.connection.begin_nested()
        tx.schedule("counter.raise", key="dropped", due_at=due_at, payload={"name": "dropped"})
        await tx.cancel_jobs("kept")
        await tx.flush()
        await savepoint.rollback()
        tx.return_to(mark)

    jobs = sample.runtime.database.tables.jobs
    async with sample.runtime.database.read() as reader:
        rows = await reader.all(select(jobs.c.key, jobs.c.state).where(jobs.c.key.in_(("kept", "dropped"))))
    assert [(row.key, row.state) for row in rows] == [("kept", "pending")]


async def test_all_due_work_waits_for_the_sweep_that_is_under_way(sample: RunningService) -> None:
    """Else a test that moves the clock while the background looks would find the work undone."""
    jobs, begun, may_end, runs = Jobs(), asyncio.Event(), asyncio.Event(), []

    @jobs.every("test.slow-sweep", seconds=3600)
    async def sweep(runtime: Runtime) -> None:
        runs.append(runtime.clock.now())
        begun.set()
        await may_end.wait()

    timer = Timer(sample.runtime.database, [jobs], sample.runtime)
    background = asyncio.create_task(timer.run())
    await begun.wait()
    seen = sample.clock.now()
    sample.clock.advance(timedelta(hours=1))
    asked = asyncio.create_task(timer.sweeps.run_once())
    assert not asked.done()
    may_end.set()
    await asked
    background.cancel()
    await asyncio.gather(background, return_exceptions=True)

    assert runs == [seen, seen + timedelta(hours=1)]


async def test_a_commit_rouses_the_sweep_it_names(sample: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, looked = Jobs(), asyncio.Queue[None]()

    @jobs.every("test.rare-sweep", seconds=3600)
    async def sweep(_: Runtime) -> None:
        looked.put_nowait(None)

    database = sample.runtime.database
    timer = Timer(database, [jobs], sample.runtime)
    monkeypatch.setattr(database, "on_rousing", timer.sweeps.rouse)
    background = asyncio.create_task(timer.run())
    await asyncio.wait_for(looked.get(), 10)

    async def rouse_and_fail() -> None:
        async with database.transaction() as tx:
            tx.rouse("test.rare-sweep")
            raise RuntimeError("never committed")

    with pytest.raises(RuntimeError, match="never committed"):
        await rouse_and_fail()
    await asyncio.sleep(0.1)
    assert looked.empty()

    async with database.transaction() as tx:
        tx.rouse("test.rare-sweep")
    await asyncio.wait_for(looked.get(), 10)
    background.cancel()
    await asyncio.gather(background, return_exceptions=True)
