"""Subscriptions as other features read them."""

from collections.abc import Collection

from sqlalchemy import ARRAY, ColumnElement, Text, any_, cast, exists, select

from chassis.db.transaction import Reader
from shop.subscriptions import store
from shop.subscriptions.errors import SubscriptionNotFound
from shop.subscriptions.models import subscriptions
from shop.subscriptions.views import SubscriptionView, view_of


async def get(reader: Reader, *, organization_id: str | None, subscription_id: str) -> SubscriptionView:
    """A subscription of an organization (None: of any). Raises SubscriptionNotFound."""
    found = await store.find(reader, subscription_id)
    if found is None or (organization_id is not None and found.organization_id != organization_id):
        raise SubscriptionNotFound
    return found


async def by_ids(reader: Reader, ids: Collection[str]) -> list[SubscriptionView]:
    """Several subscriptions; unknown ones are left out."""
    rows = await reader.all(
        select(subscriptions)
        .where(subscriptions.c.id == any_(cast(list(ids), ARRAY(Text))))
        .order_by(subscriptions.c.id)
    )
    return [view_of(row) for row in rows]


async def of_transfer(reader: Reader, transfer_id: str) -> list[SubscriptionView]:
    """What a transfer brought, ended ones too."""
    mine = select(subscriptions).where(subscriptions.c.transfer_id == transfer_id)
    return [view_of(row) for row in await reader.all(mine.order_by(subscriptions.c.id))]


async def all_of(reader: Reader, organization_id: str) -> list[SubscriptionView]:
    """Every subscription of an organization, oldest first."""
    return [view_of(row) for row in await store.rows_of(reader, organization_id)]


def has_held_renewal(transfer_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a subscription that this transfer brought waits for an operator, as a condition of other statements."""
    return exists().where(subscriptions.c.transfer_id == transfer_id, subscriptions.c.held_reason.is_not(None))
