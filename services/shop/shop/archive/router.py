"""Routes of the old shop's archive and of the customer's own transfer."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from chassis.auth.principal import Principal
from chassis.http.dependencies import Run, requires
from chassis.http.pages import Page, PageQuery, page_of_items
from chassis.http.problems import problems
from chassis.runtime import Runtime
from shop.archive.errors import LegacyOrderNotFound, NotTransferred
from shop.archive.orders import archived_orders
from shop.archive.overview import overview
from shop.archive.schemas import ArchivedOrder, TransferOverview
from shop.archive.search import matches
from shop.archive.units import are_counted, with_units
from shop.catalog.queries import CatalogSnapshot
from shop.transfers.archive_queries import MovedCustomer, moved_customer
from shop.transfers.evaluate import read_world

router = APIRouter(tags=["archive"])

Buyer = Annotated[Principal, requires("orders:read")]


@router.get("/legacy-orders", response_model=Page[ArchivedOrder], responses=problems(NotTransferred))
async def list_legacy_orders(
    principal: Buyer,
    run: Run,
    params: PageQuery,
    search: Annotated[
        str | None, Query(description="Part of a number, an invoice number, a product or a description.")
    ] = None,
    status: Annotated[str | None, Query(description="Only orders with this status.")] = None,
    year: Annotated[int | None, Query(description="Only orders placed in this year (UTC).")] = None,
) -> Page[ArchivedOrder]:
    """The order history of the old shop: every order ever placed there, the newest first, read-only.

    One-off licenses stand beside their order lines, with the day until which, or the units with which, they
    can still be used.
    """
    customer, catalog = await _customer(run, principal.organization)
    orders = [
        order
        for order in archived_orders(customer, catalog, run.clock.now().date())
        if matches(order, search=search, status=status, year=year)
    ]
    return page_of_items(orders, params)


@router.get(
    "/legacy-orders/{order_id}",
    response_model=ArchivedOrder,
    responses=problems(NotTransferred, LegacyOrderNotFound),
)
async def get_legacy_order(principal: Buyer, run: Run, order_id: str) -> ArchivedOrder:
    """One order of the old shop by its id there."""
    customer, catalog = await _customer(run, principal.organization)
    for order in archived_orders(customer, catalog, run.clock.now().date()):
        if order.id == order_id:
            return order
    raise LegacyOrderNotFound()


@router.get("/transfer", response_model=TransferOverview, responses=problems(NotTransferred))
async def get_own_transfer(principal: Buyer, run: Run) -> TransferOverview:
    """What of this organization moved from the old shop, what stayed there, why, and until when."""
    customer, catalog = await _customer(run, principal.organization)
    return overview(customer, catalog)


async def _customer(run: Runtime, organization_id: str) -> tuple[MovedCustomer, CatalogSnapshot]:
    async with run.database.read() as reader:
        world = await read_world(reader, frozenset())
        customer = await moved_customer(reader, organization_id, world)
    if customer is None:
        raise NotTransferred()
    if are_counted(customer.decision):
        left = await run.edges.units_left.of(organization_id)
        customer = replace(customer, decision=with_units(customer.decision, left))
    return customer, world.catalog
