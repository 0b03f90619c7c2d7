"""Purchases whose payment is not decided."""

from functools import partial

from chassis.ops.logging import get_logger
from chassis.runtime import Runtime
from chassis.timer import Jobs
from shop.checkout.conclude import conclude_purchase
from shop.payments.charge import Charge, learn
from shop.payments.queries import due

log = get_logger(__name__)
jobs = Jobs()


@jobs.every("checkout.reconcile", seconds=1)
async def learn_open_outcomes(runtime: Runtime) -> None:
    """Ask the provider how open charges of purchases went, and go on from the answer."""
    async with runtime.database.read() as reader:
        open_charges = await due(reader, purposes=("purchase",))
    for charge in open_charges:
        try:
            await _learn(runtime, charge)
        except Exception:
            log.exception("charge.reconcile_failed", charge_id=charge.id)


async def _learn(runtime: Runtime, charge: Charge) -> None:
    edges = runtime.edges
    conclude = partial(conclude_purchase, seller=edges.seller, catalog=await edges.shelves.snapshot())
    await learn(runtime.database, edges.providers, charge, conclude=conclude)
