"""Forget who the people of a customer are."""

from sqlalchemy import delete

from chassis.db.transaction import Transaction
from shop.customers import store
from shop.customers.change import changed
from shop.customers.models import members
from shop.customers.queries import get


async def erase(tx: Transaction, *, organization_id: str) -> None:
    """Replace names, contact and address; the country stays, the invoices' tax depends on it. Twice is harmless."""
    await tx.execute(delete(members).where(members.c.organization_id == organization_id))
    await store.change(
        tx,
        organization_id,
        {
            "company": "erased",
            "email": None,
            "first_name": "",
            "last_name": "",
            "street": "",
            "postal_code": "",
            "city": "",
            "phone": "",
            "vat_id": None,
            "vat_status": "none",
            "status": "erased",
            "hold_reason": None,
        },
    )
    tx.emit(changed(await get(tx, organization_id)))
