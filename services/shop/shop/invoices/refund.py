"""Mark the invoice of a refunded order."""

from sqlalchemy import update

from chassis.db.transaction import Transaction
from shop.invoices.models import invoices


async def refund(tx: Transaction, *, order_id: str) -> None:
    """The invoice's amounts stay; its status tells that the money went back."""
    await tx.execute(update(invoices).where(invoices.c.order_id == order_id).values(status="refunded"))
