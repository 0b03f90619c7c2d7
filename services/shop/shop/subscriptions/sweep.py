"""Renew, retry and end everything that is due."""

import asyncio
from datetime import timedelta

from chassis.db.transaction import Database
from chassis.ops.logging import get_logger
from shop.edges import Edges
from shop.subscriptions import store
from shop.subscriptions.renew import renew

log = get_logger(__name__)

AT_ONCE = 4
BATCH = 200
ROUNDS_PER_SWEEP = 50
TERMS_PER_SWEEP = 60
AFTER_TROUBLE = timedelta(minutes=5)


async def sweep(database: Database, edges: Edges) -> None:
    """Go through the due subscriptions, a few at once. Sweeps in parallel skip what another one is at."""
    for _ in range(ROUNDS_PER_SWEEP):
        async with database.read() as reader:
            ids = await store.due_ids(reader, limit=BATCH)
        places = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*[_catch_up(database, edges, places, subscription_id) for subscription_id in ids])
        if len(ids) < BATCH:
            return


async def _catch_up(database: Database, edges: Edges, places: asyncio.Semaphore, subscription_id: str) -> None:
    """Renew term after term, as many as are due, but not for ever; the next sweep goes on."""
    async with places:
        try:
            for _ in range(TERMS_PER_SWEEP):
                if not await renew(database, edges, subscription_id):
                    return
        except Exception:
            log.exception("renewal.failed", subscription_id=subscription_id)
            await _put_off(database, subscription_id)


async def _put_off(database: Database, subscription_id: str) -> None:
    async with database.transaction() as tx:
        subscription = await store.lock(tx, subscription_id)
        if subscription is not None and subscription.due_at is not None:
            await store.change(tx, subscription_id, {"due_at": tx.now + AFTER_TROUBLE})
