"""Counters of tries are forgotten."""

from datetime import timedelta

from chassis.runtime import Runtime
from chassis.timer import Jobs
from identity.signin.throttle import forget_old

jobs = Jobs()


@jobs.every("sign_in_attempts.forget", seconds=600)
async def forget_old_attempts(runtime: Runtime) -> None:
    """Delete the counters that nobody touched for a day."""
    async with runtime.database.transaction(actor="system:signin") as tx:
        await forget_old(tx, before=runtime.edges.real_clock.now() - timedelta(days=1))
