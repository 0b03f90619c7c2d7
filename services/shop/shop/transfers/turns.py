"""Taking turns with the background work of other processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from chassis.db.transaction import Database


@asynccontextmanager
async def turn(database: Database, sweep: str) -> AsyncIterator[bool]:
    """Whether this process may do the sweep's work now; it keeps the turn until the block ends."""
    lock = {"name": f"sweep:{sweep}"}
    async with database.read() as reader:
        is_ours = bool(await reader.scalar(text("SELECT pg_try_advisory_lock(hashtext(:name))"), lock))
        try:
            yield is_ours
        finally:
            if is_ours:
                await reader.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), lock)
