"""Give payment methods back to the old shop."""

from sqlalchemy import select

from chassis.db.transaction import Transaction
from shop.payment_methods import store
from shop.payment_methods.models import payment_methods


async def withdraw(tx: Transaction, organization_id: str) -> int:
    """Use the methods that the transfer brought no more, because the old shop charges them again; how many.

    Nothing is detached at the provider: the old shop uses the same tokens. The subscriptions they paid must have
    ended before. Moving again makes the methods usable again.
    """
    await store.lock_all(tx, organization_id)
    brought = await tx.all(
        select(payment_methods.c.id).where(
            payment_methods.c.organization_id == organization_id,
            payment_methods.c.origin == "transferred",
            payment_methods.c.is_usable,
        )
    )
    for row in brought:
        await store.retire(tx, row.id)
    if brought and not await store.has_default(tx, organization_id):
        await store.set_default(tx, organization_id, await store.newest(tx, organization_id))
    return len(brought)
