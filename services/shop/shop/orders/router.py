"""The order history: new orders and those that came with the transfer, side by side."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import select

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.clock import start_of_day
from chassis.kernel.errors import Invalid
from shop.customers import queries as customers
from shop.invoices.queries import ids_by_order
from shop.orders import queries, store
from shop.orders.errors import OrderNotFound
from shop.orders.models import order_lines, orders
from shop.orders.presentation import shown
from shop.orders.schemas import Order, OrderKind, OrderStatus
from shop.orders.views import order_of
from shop.payments.queries import open_charge

router = APIRouter(prefix="/orders", tags=["orders"])

Reading = Annotated[Principal, requires("orders:read", "orders:write", "operator:read", "operator:write")]
Organization = Annotated[str | None, Query(description="Operators only: the orders of this organization.")]


@router.get("", operation_id="list_orders", responses=problems(Invalid))
async def list_orders(
    principal: Reading,
    reader: Read,
    page: PageQuery,
    kind: OrderKind | None = None,
    status: OrderStatus | None = None,
    origin: Annotated[str | None, Query(description="`new` or `transferred`.")] = None,
    number: str | None = None,
    subscription_id: str | None = None,
    placed_from: Annotated[date | None, Query(description="First day, in the organization's time zone.")] = None,
    placed_to: Annotated[date | None, Query(description="Last day, in the organization's time zone.")] = None,
    organization: Organization = None,
) -> Page[Order]:
    """The orders of the organization, newest first."""
    wanted = select(orders)
    owner = _owner(principal, organization)
    filters = {"organization_id": owner, "kind": kind, "status": status, "origin": origin, "number": number}
    for name, value in filters.items():
        if value is not None:
            wanted = wanted.where(orders.c[name] == value)
    if subscription_id is not None:
        named = select(order_lines.c.order_id).where(order_lines.c.subscription_id == subscription_id)
        wanted = wanted.where(orders.c.id.in_(named))
    if (placed_from or placed_to) and owner is not None:
        wanted = await _placed_between(reader, wanted, owner, placed_from, placed_to)
    found = await page_of(
        reader,
        wanted,
        page,
        order_by=[orders.c.placed_at, orders.c.id],
        convert=lambda row: row,
        descending=True,
    )
    lines = await store.lines_of(reader, [row.id for row in found.items])
    invoices = await ids_by_order(reader, [row.id for row in found.items])
    items = [shown(order_of(row, lines[row.id]), invoice_id=invoices.get(row.id)) for row in found.items]
    return Page(items=items, next_cursor=found.next_cursor)


@router.get("/{order_id}", operation_id="get_order", responses=problems(OrderNotFound))
async def get_order(principal: Reading, reader: Read, order_id: str) -> Order:
    """One order with its lines and totals."""
    if principal.is_operator:
        order = await store.find(reader, order_id)
        if order is None:
            raise OrderNotFound
    else:
        order = await queries.get(reader, organization_id=principal.organization, order_id=order_id)
    invoices = await ids_by_order(reader, [order_id])
    charge = await open_charge(reader, order_id) if order.status in ("placed", "action_required") else None
    return shown(order, invoice_id=invoices.get(order_id), action_url=charge.action_url if charge else None)


def _owner(principal: Principal, organization: str | None) -> str | None:
    """Whose orders are listed; None = everybody's, for operators without an organization of their own."""
    if not principal.is_operator:
        return principal.organization
    return organization or principal.organization_id


async def _placed_between(
    reader: Read, wanted: Any, organization_id: str, first_day: date | None, last_day: date | None
) -> Any:
    time_zone = (await customers.get(reader, organization_id)).time_zone
    if first_day is not None:
        wanted = wanted.where(orders.c.placed_at >= start_of_day(first_day, time_zone))
    if last_day is not None:
        wanted = wanted.where(orders.c.placed_at < start_of_day(last_day + timedelta(days=1), time_zone))
    return wanted
