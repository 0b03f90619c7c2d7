"""Purchases whose payment is not decided."""

from datetime import timedelta
from functools import partial

from chassis.ops.logging import get_logger
from chassis.runtime import Runtime
from chassis.timer import Jobs
from shop.checkout.conclude import conclude_purchase
from shop.payments.charge import Charge, abandon, reconcile
from shop.payments.queries import due

log = get_logger(__name__)
jobs = Jobs()

PAYER_HAS = timedelta(hours=24)


@jobs.every("checkout.reconcile", seconds=1)
async def learn_open_outcomes(runtime: Runtime) -> None:
    """Ask the provider how open charges of purchases went. A payer who has not confirmed within a day will not."""
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
    is_late = charge.status == "action_required" and runtime.clock.now() - charge.created_at > PAYER_HAS
    ask = abandon if is_late else reconcile
    await ask(runtime.database, edges.providers, charge, conclude=conclude)
