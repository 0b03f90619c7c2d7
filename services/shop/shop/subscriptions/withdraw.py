"""Give subscriptions back to the old shop."""

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot, snapshot
from shop.customers.queries import get
from shop.orders.queries import has_bought
from shop.subscriptions import store
from shop.subscriptions.announce import announce
from shop.subscriptions.errors import NewBusinessExists
from shop.subscriptions.events import SubscriptionEnded


async def withdraw(tx: Transaction, transfer_id: str, *, catalog: CatalogSnapshot | None = None) -> list[str]:
    """End what the transfer brought, because the old shop bills it again: reason `rolled_back`, the fence rises.

    Answers the ids. A second call finds nothing left to end. Raises NewBusinessExists once anything was bought,
    renewed or charged here: from then on there is only forward.
    """
    brought = await store.lock_of_transfer(tx, transfer_id)
    if not brought:
        return []
    organization_id = brought[0].organization_id
    if await has_bought(tx, organization_id):
        raise NewBusinessExists
    customer = await get(tx, organization_id)
    catalog = catalog or await snapshot(tx)
    for subscription in brought:
        ended = await store.change(
            tx,
            subscription.id,
            {
                "status": "ended",
                "ended_reason": "rolled_back",
                "ended_at": tx.now,
                "billing_owner": "old_shop",
                "fence": subscription.fence + 1,
                "due_at": None,
            },
        )
        announce(tx, SubscriptionEnded, ended, catalog=catalog, organization=customer.org, buyer=customer.buyer)
    return [subscription.id for subscription in brought]
