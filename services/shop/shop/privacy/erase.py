"""Forget the people behind a customer, and keep what the law says must be kept."""

from chassis.db.transaction import Transaction
from shop.customers import queries as customers
from shop.customers.erase import erase as erase_customer
from shop.payment_methods.erase import erase as erase_payment_methods
from shop.privacy.errors import LiveSubscriptions
from shop.subscriptions import queries as subscriptions


async def erase(tx: Transaction, *, organization_id: str) -> None:
    """Names, addresses, e-mails and payment methods go; orders and invoices stay (tax law keeps them for ten years).

    Twice is harmless. Raises CustomerNotFound, LiveSubscriptions.
    """
    await customers.get(tx, organization_id)
    if any(view.status != "ended" for view in await subscriptions.all_of(tx, organization_id)):
        raise LiveSubscriptions("Cancel the subscriptions, and erase the customer when they have ended.")
    await erase_payment_methods(tx, organization_id=organization_id)
    await erase_customer(tx, organization_id=organization_id)
