"""The operators confirm that the old shop has stopped billing: those customers move now."""

from sqlalchemy import select

from chassis.db.transaction import Transaction
from shop.transfers import store
from shop.transfers.cut import release
from shop.transfers.cut.execute import complete
from shop.transfers.errors import WaveNotReady
from shop.transfers.evaluate import evaluate_transfers, read_world
from shop.transfers.models import transfers
from shop.transfers.policy import Policy
from shop.transfers.waves import store as wave_store

AT_ONCE = 500


async def confirm_release(tx: Transaction, wave_id: str, policy: Policy) -> None:
    """Move every customer of the wave that waits for the release; a second call finds nobody left.

    They move in this transaction: all that was confirmed, or (after a crash) none of it, to be confirmed again.
    Raises WaveNotReady while the wave is paused: nobody moves then.
    """
    wave = await wave_store.lock(tx, wave_id)
    if wave.state == "paused":
        raise WaveNotReady("The wave is paused: nobody moves. Resume it, then confirm the release.")
    waiting = await tx.all(
        select(transfers)
        .where(transfers.c.wave_id == wave_id, transfers.c.state == "transferring")
        .order_by(transfers.c.id)
        .with_for_update(key_share=True)
    )
    await release.confirm_all(tx, wave_id)
    world = await read_world(tx, policy.providers)
    for start in range(0, len(waiting), AT_ONCE):
        rows = waiting[start : start + AT_ONCE]
        await store.lock_directory(tx, [row.legacy_customer_id for row in rows])
        found = await evaluate_transfers(tx, rows, world)
        await complete(tx, [(row, found.get(row.legacy_customer_id)) for row in rows], world.catalog)
