"""Housekeeping of sign-ins."""

from chassis.runtime import Runtime
from chassis.timer import Jobs
from gateway.login import store

jobs = Jobs()


@jobs.every("sign_ins.purge", seconds=300)
async def purge(runtime: Runtime) -> None:
    """Remove those that were given up."""
    async with runtime.database.read() as reader:
        await store.purge(reader)
