"""Announcing the days that begin and end. Access itself never waits for these: it is derived when asked for."""

from collections.abc import Awaitable, Callable

from chassis.db.transaction import Transaction
from chassis.runtime import Runtime
from chassis.timer import Jobs
from licensing.assignments.turn_days import end_next, start_next

jobs = Jobs()


@jobs.every("assignments.start", seconds=0.5)
async def start_assignments(runtime: Runtime) -> None:
    """Announce assignments whose first day has begun."""
    await _until_done(runtime, start_next)


@jobs.every("assignments.end", seconds=0.5)
async def end_assignments(runtime: Runtime) -> None:
    """Announce assignments whose last day is over, and free their seats."""
    await _until_done(runtime, end_next)


async def _until_done(runtime: Runtime, work: Callable[[Transaction], Awaitable[bool]]) -> None:
    is_going_on = True
    while is_going_on:
        async with runtime.database.transaction() as tx:
            is_going_on = await work(tx)
