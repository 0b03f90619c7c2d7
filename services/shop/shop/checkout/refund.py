"""Give the money of an order back."""

from chassis.db.transaction import Database
from shop.customers import queries as customers
from shop.invoices.refund import refund as refund_invoice
from shop.orders import queries as orders
from shop.orders.announce import announce_refunded
from shop.orders.errors import OrderNotRefundable
from shop.orders.record import lock, mark
from shop.payments.refund import give_back
from shop.payments.registry import Providers


async def refund(database: Database, providers: Providers, *, order_id: str) -> None:
    """Refund a paid order of this shop. Raises OrderNotFound, OrderNotRefundable. A crash in between leaves a paid
    order whose refund can be asked for again: the provider gives back once.
    """
    async with database.read() as reader:
        order = await orders.find(reader, order_id)
    if order.status != "paid" or order.origin != "new":
        raise OrderNotRefundable
    await give_back(database, providers, order_id=order_id)
    async with database.transaction() as tx:
        order = await lock(tx, order_id)
        if order.status == "refunded":
            return
        customer = await customers.get(tx, order.organization_id)
        await mark(tx, order_id, status="refunded")
        await refund_invoice(tx, order_id=order_id)
        announce_refunded(tx, order, customer)
