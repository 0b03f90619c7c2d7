"""What subscriptions do by themselves."""

import asyncio
from datetime import timedelta
from functools import partial

from chassis.ops.logging import get_logger
from chassis.runtime import Runtime
from chassis.timer import Jobs
from shop.payments.charge import Charge, reconcile
from shop.payments.queries import due
from shop.subscriptions import store
from shop.subscriptions.change_quantity import conclude_quantity_change
from shop.subscriptions.conclude_renewal import conclude_renewal
from shop.subscriptions.renew import renew

log = get_logger(__name__)
jobs = Jobs()

AT_ONCE = 4
BATCH = 200
ROUNDS_PER_SWEEP = 50
TERMS_PER_SWEEP = 60
AFTER_TROUBLE = timedelta(minutes=5)


@jobs.every("subscriptions.renew", seconds=1)
async def renew_what_is_due(runtime: Runtime) -> None:
    """Renew, retry and end what is due. Missed sweeps are made up for: a term is due until it is renewed."""
    for _ in range(ROUNDS_PER_SWEEP):
        async with runtime.database.read() as reader:
            ids = await store.due_ids(reader, limit=BATCH)
        places = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*[_catch_up(runtime, places, subscription_id) for subscription_id in ids])
        if len(ids) < BATCH:
            return


@jobs.every("subscriptions.reconcile", seconds=1)
async def learn_open_outcomes(runtime: Runtime) -> None:
    """Ask the provider how open charges of renewals and quantity changes went, and go on from the answer."""
    async with runtime.database.read() as reader:
        open_charges = await due(reader, purposes=("renewal", "quantity_change"))
    for charge in open_charges:
        await _learn(runtime, charge)


async def _learn(runtime: Runtime, charge: Charge) -> None:
    edges = runtime.edges
    catalog = await edges.shelves.snapshot()
    conclusion = conclude_renewal if charge.purpose == "renewal" else conclude_quantity_change
    try:
        await reconcile(
            runtime.database,
            edges.providers,
            charge,
            conclude=partial(conclusion, seller=edges.seller, catalog=catalog),
        )
    except Exception:
        log.exception("charge.reconcile_failed", charge_id=charge.id)


async def _catch_up(runtime: Runtime, places: asyncio.Semaphore, subscription_id: str) -> None:
    """Renew term after term, as many as are due, but not for ever; the next sweep goes on."""
    async with places:
        try:
            for _ in range(TERMS_PER_SWEEP):
                if not await renew(runtime.database, runtime.edges, subscription_id):
                    return
        except Exception:
            log.exception("renewal.failed", subscription_id=subscription_id)
            async with runtime.database.transaction() as tx:
                subscription = await store.lock(tx, subscription_id)
                if subscription is not None and subscription.due_at is not None:
                    await store.change(tx, subscription_id, {"due_at": tx.now + AFTER_TROUBLE})
