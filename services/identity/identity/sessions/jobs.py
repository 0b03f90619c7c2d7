"""Sessions whose time is over end by themselves."""

from datetime import timedelta

from chassis.runtime import Runtime
from chassis.timer import Jobs
from identity.sessions import store
from identity.sessions.events import SessionEnded

jobs = Jobs()

KEPT_AFTER_END = timedelta(days=90)


@jobs.every("sessions.expire", seconds=30)
async def expire(runtime: Runtime) -> None:
    """End the sessions that ran out. The services learn of it; clients with sessions of their own go on."""
    now = runtime.edges.real_clock.now()
    async with runtime.database.transaction(actor="system:sessions") as tx:
        for row in await store.end(tx, condition=store.run_out(now), reason="expired", now=now):
            tx.emit(SessionEnded(session_id=row.id, account_id=row.account_id, reason="expired"))
        await store.forget_ended(tx, before=now - KEPT_AFTER_END)
