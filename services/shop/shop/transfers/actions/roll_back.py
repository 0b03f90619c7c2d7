"""Putting a customer back into the legacy shop, until they have activated the account or bought something."""

from sqlalchemy import update

from chassis.db.transaction import Transaction
from shop.customers.queries import get
from shop.orders.queries import has_bought
from shop.payment_methods.withdraw import withdraw as withdraw_methods
from shop.subscriptions.withdraw import withdraw as withdraw_subscriptions
from shop.transfers import store
from shop.transfers.cut import release
from shop.transfers.errors import TransferCannotBePutBack
from shop.transfers.events import TransferRolledBack
from shop.transfers.models import directory
from shop.transfers.parties import of_moved
from shop.transfers.timeline import note


async def roll_back(tx: Transaction, transfer_id: str, *, reason: str | None) -> None:
    """End what the transfer brought and have the old shop bill again; a second call is refused as too late.

    Its payment methods are not used here any more. Orders and invoices stay readable: copies of the old shop's.
    Raises TransferCannotBePutBack unless the customer moved, is not active yet and has bought nothing here.
    """
    row = await store.lock(tx, transfer_id)
    if row.state != "transferred" or row.activated_at is not None:
        raise TransferCannotBePutBack(f"The transfer is {row.state}: the customer cannot be put back.")
    if row.first_renewal_at is not None or await has_bought(tx, row.organization_id):
        raise TransferCannotBePutBack("The customer has bought or renewed something here already.")
    customer = await get(tx, row.organization_id)
    ended = await withdraw_subscriptions(tx, row.id)
    await withdraw_methods(tx, row.organization_id)
    await release.restore_all(tx, [row])
    await tx.execute(update(directory).where(directory.c.legacy_id == row.legacy_customer_id).values(moved_at=None))
    await store.change(tx, row.id, state="rolled_back", next_at=None, fence=row.fence + 1)
    await note(tx, row.id, "rolled_back", subscriptions=len(ended), reason=reason)
    tx.emit(TransferRolledBack(**of_moved(row, customer), reason=reason))
