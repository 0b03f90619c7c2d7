"""Forget the payment methods of a customer."""

from sqlalchemy import update

from chassis.db.transaction import Transaction
from shop.payment_methods.models import payment_methods


async def erase(tx: Transaction, *, organization_id: str) -> None:
    """None can be charged any more, and nothing tells which they were. Twice is harmless."""
    await tx.execute(
        update(payment_methods)
        .where(payment_methods.c.organization_id == organization_id)
        .values(
            is_usable=False,
            is_default=False,
            provider_customer="",
            provider_method="",
            brand="",
            last4="",
            exp_month=None,
            exp_year=None,
        )
    )
