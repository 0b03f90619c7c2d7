"""Let the next signing keys take over."""

from datetime import datetime

from chassis.db.transaction import Transaction
from identity.keys import store
from identity.keys.rules import ALGORITHMS, is_due_for_rotation, is_forgotten
from identity.keys.vault import Vault


async def rotate(tx: Transaction, vault: Vault, *, now: datetime) -> None:
    """New tokens carry a new `kid` from now on; the retired keys stay published while their tokens live.

    The key that takes over was published since the rotation before, so that no cache of the key set misses it.
    """
    await store.lock(tx)
    for algorithm in ALGORITHMS:
        await _turn(tx, vault, algorithm=algorithm, now=now)


async def rotate_what_is_due(tx: Transaction, vault: Vault, *, now: datetime) -> bool:
    """Rotate the keys that have signed for their time and forget the useless; tells whether anything changed."""
    await store.lock(tx)
    keys = await store.all_keys(tx)
    due = [key.algorithm for key in keys if key.state == "active" and is_due_for_rotation(key.activated_at, now=now)]
    forgotten = [key.kid for key in keys if is_forgotten(key.retired_at, now=now)]
    for algorithm in due:
        await _turn(tx, vault, algorithm=algorithm, now=now)
    if forgotten:
        await store.remove(tx, kids=forgotten)
    return bool(due or forgotten)


async def _turn(tx: Transaction, vault: Vault, *, algorithm: str, now: datetime) -> None:
    await store.advance(tx, algorithm=algorithm, now=now)
    await store.insert_new(tx, vault, algorithm=algorithm, state="next", now=now)
