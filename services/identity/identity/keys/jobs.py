"""Keys that rotate by themselves, and a ring that follows other processes."""

from chassis.runtime import Runtime
from chassis.timer import Jobs
from identity.keys.load import load_keys
from identity.keys.rotate import rotate_what_is_due

jobs = Jobs()


@jobs.every("signing_keys.rotate", seconds=3600)
async def rotate_old_keys(runtime: Runtime) -> None:
    """Rotate keys that have signed for ninety days, forget those that verify nothing any more."""
    edges = runtime.edges
    async with runtime.database.transaction(actor="system:keys") as tx:
        await rotate_what_is_due(tx, edges.vault, now=edges.real_clock.now())
    async with runtime.database.read() as reader:
        await load_keys(reader, edges.keys, edges.vault, now=edges.real_clock.now())
