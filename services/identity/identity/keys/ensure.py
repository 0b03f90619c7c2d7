"""A new installation gets its signing keys by itself."""

from datetime import datetime

from chassis.db.transaction import Transaction
from identity.keys import store
from identity.keys.rules import ALGORITHMS
from identity.keys.vault import Vault


async def ensure_keys(tx: Transaction, vault: Vault, *, now: datetime) -> None:
    """Make an active and a next key of every algorithm that lacks one. Calling it again changes nothing."""
    await store.lock(tx)
    present = {(row.algorithm, row.state) for row in await store.all_keys(tx)}
    for algorithm in ALGORITHMS:
        for state in ("active", "next"):
            if (algorithm, state) not in present:
                await store.insert_new(tx, vault, algorithm=algorithm, state=state, now=now)
