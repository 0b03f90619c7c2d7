"""Orders as other features read them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ARRAY, Text, any_, cast, exists, select

from chassis.db.transaction import Reader
from shop.orders import store
from shop.orders.errors import OrderNotFound
from shop.orders.models import orders
from shop.orders.views import OrderView


async def get(reader: Reader, *, organization_id: str, order_id: str) -> OrderView:
    """An order of an organization. Raises OrderNotFound."""
    order = await store.find(reader, order_id)
    if order is None or order.organization_id != organization_id:
        raise OrderNotFound
    return order


async def find(reader: Reader, order_id: str) -> OrderView:
    """An order of any organization. Raises OrderNotFound."""
    order = await store.find(reader, order_id)
    if order is None:
        raise OrderNotFound
    return order


async def has_open_change(reader: Reader, subscription_id: str) -> bool:
    """Whether a change of quantity is ordered and its payment not decided."""
    pending = orders.c.status.in_(("placed", "action_required"))
    wanted = exists().where(orders.c.subscription_id == subscription_id, orders.c.kind == "quantity_change", pending)
    return bool(await reader.scalar(select(wanted)))


async def has_bought(reader: Reader, organization_id: str) -> bool:
    """Whether the organization has ordered anything here itself: then it cannot be put back into the old shop."""
    own = exists().where(orders.c.organization_id == organization_id, orders.c.origin == "new")
    failed = orders.c.status.in_(("failed", "cancelled"))
    return bool(await reader.scalar(select(own.where(~failed))))


async def all_of(reader: Reader, organization_id: str) -> list[OrderView]:
    """Every order of an organization with its lines, oldest first."""
    rows = await reader.all(
        select(orders).where(orders.c.organization_id == organization_id).order_by(orders.c.placed_at, orders.c.id)
    )
    lines = await store.lines_of(reader, [row.id for row in rows])
    return [store.order_of(row, lines[row.id]) for row in rows]


@dataclass(frozen=True, slots=True)
class OrderTotal:
    """An order's number, state and total: for adding up."""

    id: str
    number: str
    status: str
    currency: str
    total_minor: int


async def totals_of(reader: Reader, ids: Collection[str]) -> dict[str, OrderTotal]:
    """Several orders by id; unknown ones are left out."""
    columns = (orders.c.id, orders.c.number, orders.c.status, orders.c.currency, orders.c.total_minor)
    wanted = orders.c.id == any_(cast(list(ids), ARRAY(Text)))
    rows = await reader.all(select(*columns).where(wanted))
    return {row.id: OrderTotal(*row) for row in rows}
