"""Tell what another quantity would cost, and whose seat; changes nothing."""

from collections.abc import Sequence

from chassis.db.transaction import Database
from chassis.kernel.errors import FieldError, Invalid
from shop.customers import queries as customers
from shop.edges import Edges
from shop.seats.refuse_when_in_use import refuse_when_in_use
from shop.subscriptions import queries
from shop.subscriptions.presentation import preview
from shop.subscriptions.quantity import plan_change
from shop.subscriptions.rules import MOST_SEATS
from shop.subscriptions.schemas import ChangePreview


async def preview_change(
    database: Database,
    edges: Edges,
    *,
    organization_id: str | None,
    subscription_id: str,
    quantity: int,
    release: Sequence[str],
) -> ChangePreview:
    """The costs now and at the renewal. `organization_id` None: of any organization.

    Raises SubscriptionNotFound, SubscriptionEndedAlready, NotBilledHere, Invalid, Unavailable, and SeatsInUse: with the
    candidates and, as `preview`, the same costs.
    """
    async with database.read() as reader:
        subscription = await queries.get(reader, organization_id=organization_id, subscription_id=subscription_id)
        subscription.require_live()
        if not 1 <= quantity <= MOST_SEATS:
            detail = f"The quantity lies between 1 and {MOST_SEATS}."
            raise Invalid(errors=[FieldError("/quantity", "invalid_quantity", detail)])
        customer = await customers.get(reader, subscription.organization_id)
        today = customer.today(reader)
    plan = plan_change(subscription, customer, quantity=quantity, seller_country=edges.seller.country, today=today)
    costs = preview(subscription, plan)
    if quantity < subscription.quantity:
        await refuse_when_in_use(
            edges.seat_holders,
            subscription_id,
            quantity=quantity,
            release=release,
            preview=costs.model_dump(mode="json"),
        )
    return costs
