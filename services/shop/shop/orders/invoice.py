"""Have a paid order invoiced."""

from datetime import date

from chassis.db.transaction import Transaction
from shop.customers.queries import CustomerView
from shop.invoices.document import compose
from shop.invoices.issue import Issued, issue
from shop.invoices.seller import Seller
from shop.orders.views import OrderView
from shop.payments.provider import Instrument


async def invoice(
    tx: Transaction,
    *,
    order: OrderView,
    customer: CustomerView,
    seller: Seller,
    instrument: Instrument | None,
    period: tuple[date, date] | None,
) -> Issued:
    """Issue the order's invoice with the parties as they are now."""
    lines = [
        {
            "product_code": line.product_code,
            "product_name": line.product_name,
            "description": line.description,
            "quantity": line.quantity,
            "interval": line.interval,
            "unit_price": line.unit_price,
            "net": line.net,
        }
        for line in order.lines
    ]
    payment = None
    if instrument is not None:
        payment = {
            "kind": instrument.kind,
            "brand": instrument.brand,
            "last4": instrument.last4,
            "mandate": instrument.mandate,
        }
    document = compose(
        seller=seller,
        customer=customer,
        order_number=order.number,
        purchase_order_number=order.purchase_order_number,
        lines=lines,
        tax=order.tax_decision,
        payment=payment,
        period=period,
    )
    return await issue(
        tx,
        customer=customer,
        order_id=order.id,
        order_number=order.number,
        net=order.net,
        tax=order.tax,
        total=order.money,
        document=document,
    )
