"""Housekeeping of sessions."""

from chassis.runtime import Runtime
from chassis.timer import Jobs
from gateway.sessions import store

jobs = Jobs()


@jobs.every("sessions.purge", seconds=300)
async def purge(runtime: Runtime) -> None:
    """Remove what ran out."""
    async with runtime.database.transaction() as tx:
        await store.purge(tx)
