"""Announcing changed access, soon after each commit and at the latest a second later."""

from typing import Any

from chassis.db.transaction import Transaction
from chassis.runtime import Runtime
from chassis.timer import Jobs
from licensing.changes.mark import ANNOUNCE, announce_soon
from licensing.entitlements.announce import BATCH, announce_all_changes, announce_changes

jobs = Jobs()


@jobs.on(ANNOUNCE)
async def announce_marked(tx: Transaction, payload: dict[str, Any]) -> None:
    """Announce what is marked; what is too much for one transaction is announced by the next, at once."""
    if await announce_changes(tx) == BATCH:
        announce_soon(tx)


@jobs.every("entitlements.announce-all", seconds=1)
async def announce_rest(runtime: Runtime) -> None:
    """Announce whatever is still marked."""
    await announce_all_changes(runtime.database)
