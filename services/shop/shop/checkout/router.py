"""Buying."""

from typing import Annotated

from fastapi import APIRouter, Response

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, requires
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from shop.catalog.errors import RegionNotServed
from shop.checkout.errors import TransferPending
from shop.checkout.place import place
from shop.checkout.quote import fill_basket, quoted
from shop.checkout.refund import refund
from shop.checkout.rules import WantedLine
from shop.checkout.schemas import PlaceOrder, Quote, QuoteOrder
from shop.customers.errors import CustomerNotFound, CustomerOnHold
from shop.invoices.queries import ids_by_order
from shop.orders import queries as orders
from shop.orders.errors import OrderNotFound, OrderNotRefundable
from shop.orders.presentation import shown
from shop.orders.schemas import Order
from shop.payments.errors import PaymentDeclined, RefundNotAnswered, RefundNotPossible

router = APIRouter(prefix="/orders", tags=["orders"])

Buying = Annotated[Principal, requires("orders:write")]
Asking = Annotated[Principal, requires("orders:read", "orders:write")]
Operating = Annotated[Principal, requires("operator:write")]
REFUSALS = (CustomerNotFound, TransferPending, RegionNotServed, Invalid)


@router.post("/quote", operation_id="quote_order", responses=problems(*REFUSALS))
async def quote_order(principal: Asking, reader: Read, run: Run, body: QuoteOrder) -> Quote:
    """What an order would cost today: net, tax with its reason, total. Nothing is ordered."""
    catalog = await run.edges.shelves.snapshot()
    basket = await fill_basket(
        reader,
        catalog=catalog,
        organization_id=principal.organization,
        email=principal.email,
        wanted=_wanted(body),
        seller_country=run.edges.seller.country,
    )
    return quoted(basket, catalog)


@router.post(
    "",
    status_code=201,
    operation_id="place_order",
    responses={
        202: {"model": Order, "description": "The payer has to confirm the payment, or its outcome is not known yet."},
        **problems(*REFUSALS, CustomerOnHold, PaymentDeclined),
    },
)
async def place_order(principal: Buying, run: Run, body: PlaceOrder, response: Response) -> Order:
    """Order subscriptions, one per line, and pay the first term. They renew by themselves until cancelled.

    202 when the payer has to confirm the payment at `action_url`; the order is completed by itself then.
    """
    settled, charge = await place(
        run.database,
        run.edges,
        organization_id=principal.organization,
        email=principal.email,
        wanted=_wanted(body),
        payment_method_id=body.payment_method_id,
        purchase_order_number=body.purchase_order_number,
    )
    if charge is not None and charge.status == "declined":
        raise PaymentDeclined(
            "The payment was declined. Nothing was bought; please choose another payment method.",
            order_id=settled.order.id,
            failure_code=charge.failure_code,
        )
    if charge is not None and charge.status != "succeeded":
        response.status_code = 202
    response.headers["Location"] = f"/api/v1/orders/{settled.order.id}"
    action_url = charge.action_url if charge else None
    return shown(settled.order, invoice_id=settled.invoice_id, action_url=action_url)


@router.post(
    "/{order_id}/refund",
    operation_id="refund_order",
    responses=problems(OrderNotFound, OrderNotRefundable, RefundNotPossible, RefundNotAnswered),
)
async def refund_order(principal: Operating, run: Run, order_id: str) -> Order:
    """Operators: give the money of a paid order back. The subscriptions it began go on until they are cancelled."""
    await refund(run.database, run.edges.providers, order_id=order_id)
    async with run.database.read() as reader:
        order = await orders.find(reader, order_id)
        invoices = await ids_by_order(reader, [order_id])
    return shown(order, invoice_id=invoices.get(order_id))


def _wanted(body: QuoteOrder) -> list[WantedLine]:
    return [WantedLine(line.product_code, line.interval, line.quantity) for line in body.lines]
