"""Between the background work and the operators: a wave that is paused or called off stands still from that moment on.

Who moves customers of a wave keeps it going until their transaction ends; who steers the wave waits for that, and no
further work begins meanwhile. Asking for the lock comes first in both, before any row, so nothing can deadlock; and
PostgreSQL lets nobody pass who comes after somebody that waits.
"""

from sqlalchemy import text

from chassis.db.transaction import Transaction
from shop.transfers.states import WAVE_HAS_WORK

KEEP_ALL_GOING = text(
    "WITH due AS MATERIALIZED (SELECT w.id FROM transfer_waves w WHERE w.state = ANY(CAST(:states AS text[]))"
    " AND EXISTS (SELECT FROM transfers t WHERE t.wave_id = w.id AND t.next_at <= :now))"
    " SELECT id FROM due WHERE pg_try_advisory_xact_lock_shared(hashtext('transfer-wave:' || id))"
)
KEEP_GOING = text("SELECT pg_advisory_xact_lock_shared(hashtext('transfer-wave:' || :id))")
STAND_STILL = text("SELECT pg_advisory_xact_lock(hashtext('transfer-wave:' || :id))")


async def keep_all_going(tx: Transaction) -> list[str]:
    """The waves with work due that nobody steers at this moment; none of them is paused until this transaction ends."""
    rows = await tx.all(KEEP_ALL_GOING, {"states": list(WAVE_HAS_WORK), "now": tx.now})
    return [row.id for row in rows]


async def keep_going(tx: Transaction, wave_id: str) -> None:
    """Let nobody pause the wave until this transaction ends; its state is to be read after this."""
    await tx.execute(KEEP_GOING, {"id": wave_id})


async def stand_still(tx: Transaction, wave_id: str) -> None:
    """Wait until the work under way is done, and let none begin, until this transaction ends."""
    await tx.execute(STAND_STILL, {"id": wave_id})
