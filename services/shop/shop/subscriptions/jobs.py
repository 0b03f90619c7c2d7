"""What subscriptions do by themselves."""

from functools import partial

from chassis.ops.logging import get_logger
from chassis.runtime import Runtime
from chassis.timer import Jobs
from shop.payments.charge import Charge, learn, reconcile
from shop.payments.queries import due
from shop.subscriptions.change_quantity import conclude_quantity_change
from shop.subscriptions.conclude_renewal import conclude_renewal
from shop.subscriptions.store import RENEW
from shop.subscriptions.sweep import sweep

log = get_logger(__name__)
jobs = Jobs()


@jobs.every(RENEW, seconds=1)
async def renew_what_is_due(runtime: Runtime) -> None:
    """Renew, retry and end what is due. Missed sweeps are made up for: a term is due until it is renewed."""
    await sweep(runtime.database, runtime.edges)


@jobs.every("subscriptions.reconcile", seconds=1)
async def learn_open_outcomes(runtime: Runtime) -> None:
    """Ask the provider how open charges of renewals and quantity changes went, and go on from the answer."""
    async with runtime.database.read() as reader:
        open_charges = await due(reader, purposes=("renewal", "quantity_change"))
    for charge in open_charges:
        await _learn(runtime, charge)


async def _learn(runtime: Runtime, charge: Charge) -> None:
    """A renewal has retry days of its own, which give up what the payer does not confirm; a quantity change has not."""
    edges = runtime.edges
    catalog = await edges.shelves.snapshot()
    is_renewal = charge.purpose == "renewal"
    ask, conclusion = (reconcile, conclude_renewal) if is_renewal else (learn, conclude_quantity_change)
    conclude = partial(conclusion, seller=edges.seller, catalog=catalog)
    try:
        await ask(runtime.database, edges.providers, charge, conclude=conclude)
    except Exception:
        log.exception("charge.reconcile_failed", charge_id=charge.id)
