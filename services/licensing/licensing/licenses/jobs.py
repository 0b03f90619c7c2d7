"""Announcing the turns of licenses' statuses: a grace period or a term that is over."""

from chassis.runtime import Runtime
from chassis.timer import Jobs
from licensing.changes.mark import mark_holders
from licensing.licenses.lock import lock_license
from licensing.licenses.queries import to_look_at
from licensing.licenses.settle import settle
from licensing.organizations.queries import organization_of

jobs = Jobs()

BATCH = 200


@jobs.every("licenses.turn", seconds=1)
async def turn_licenses(runtime: Runtime) -> None:
    """Announce licenses whose status has turned by itself, each in its own transaction."""
    while True:
        async with runtime.database.read() as reader:
            due = await to_look_at(reader, limit=BATCH)
        for license_id in due:
            await _turn(runtime, license_id)
        if len(due) < BATCH:
            return


async def _turn(runtime: Runtime, license_id: str) -> None:
    async with runtime.database.transaction() as tx:
        license = await lock_license(tx, license_id, organization_id=None)
        await settle(tx, license, organization=await organization_of(tx, license.organization_id))
        await mark_holders(tx, license_id=license.id)
