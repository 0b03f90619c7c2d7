"""Begin to bill what was adopted without a biller."""

from collections import defaultdict
from collections.abc import Collection

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot, snapshot
from shop.customers.queries import get_many
from shop.subscriptions import queries, store
from shop.subscriptions.announce import announce
from shop.subscriptions.events import SubscriptionTransferred


async def take_over(tx: Transaction, ids: Collection[str], *, catalog: CatalogSnapshot | None = None) -> list[str]:
    """The new shop bills these from now on (`none` becomes `new_shop`, the fence rises) and says so.

    Answers the ids that changed hands; those billed here already, or ended, are left as they are, so a second call is
    harmless. A renewal day that has passed meanwhile is due at once.
    """
    by_organization: dict[str, list[str]] = defaultdict(list)
    for subscription in await queries.by_ids(tx, ids):
        by_organization[subscription.organization_id].append(subscription.id)
    if not by_organization:
        return []
    catalog = catalog or await snapshot(tx)
    customers = await get_many(tx, by_organization)
    taken = []
    for organization_id, mine in by_organization.items():
        customer = customers[organization_id]
        for subscription in await store.take_over(tx, mine, customer.time_zone):
            taken.append(subscription.id)
            announce(
                tx,
                SubscriptionTransferred,
                subscription,
                catalog=catalog,
                organization=customer.org,
                buyer=customer.buyer,
            )
    return taken
