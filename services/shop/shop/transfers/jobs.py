"""The transfer's work in the background: imports that were uploaded, and transfers that something is due for."""

from chassis.runtime import Runtime
from chassis.timer import Jobs
from shop.transfers.campaign import work as campaign
from shop.transfers.imports import work as imports
from shop.transfers.places import providers_of, uploads_of
from shop.transfers.policy import policy_of
from shop.transfers.waves import check_later as checks

jobs = Jobs()


@jobs.every("transfer-imports.work", seconds=0.5)
async def carry_imports_through(runtime: Runtime) -> None:
    """Read, publish and check what was uploaded; after a crash the import begins again where it can."""
    await imports.work_through(
        runtime.database, directory_of_uploads=uploads_of(runtime), providers=providers_of(runtime)
    )


@jobs.every("transfer-waves.check", seconds=0.5)
async def carry_checks_through(runtime: Runtime) -> None:
    """The dry runs of waves that are too large to be waited for."""
    await checks.work_through(runtime.database, policy_of(runtime))


@jobs.every("transfers.work", seconds=1)
async def do_what_is_due(runtime: Runtime) -> None:
    """Announce, remind, transfer and follow up, each at its time in the customer's own time zone."""
    await campaign.work_through(runtime.database, policy_of(runtime))
