"""Announcing what time alone brings about: a grace period or a term that is over, seats that nobody was given."""

from chassis.runtime import Runtime
from chassis.timer import Jobs
from licensing.changes.mark import mark_holders
from licensing.licenses.lock import lock_license
from licensing.licenses.queries import to_look_at
from licensing.licenses.remind import remind_next
from licensing.licenses.settle import settle
from licensing.organizations.queries import organization_of

jobs = Jobs()

BATCH = 200


@jobs.every("licenses.turn", seconds=0.5)
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


@jobs.every("licenses.remind", seconds=10)
async def remind_of_waiting_seats(runtime: Runtime) -> None:
    """Announce seats that nobody was given within a week."""
    is_going_on = True
    while is_going_on:
        async with runtime.database.transaction() as tx:
            is_going_on = await remind_next(tx)
