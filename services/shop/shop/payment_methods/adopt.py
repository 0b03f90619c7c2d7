"""Take over payment methods of the old shop: the provider's tokens stay the same, so the same card is charged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from shop.payment_methods import store
from shop.payment_methods.models import payment_methods


@dataclass(frozen=True, slots=True)
class AdoptedMethod:
    """A method as the old shop's export has it."""

    legacy_id: str
    provider: str
    provider_customer: str
    provider_method: str
    kind: str
    brand: str = ""
    last4: str = ""
    exp_month: int | None = None
    exp_year: int | None = None
    mandate_reference: str | None = None
    mandate_signed_on: date | None = None


async def adopt(tx: Transaction, *, organization_id: str, methods: Sequence[AdoptedMethod]) -> dict[str, str]:
    """Store the methods; answers our id for each legacy id. A second time gives the same ids and makes them usable."""
    if not methods:
        return {}
    rows = [
        {
            "id": new_id("pay"),
            "organization_id": organization_id,
            "legacy_id": method.legacy_id,
            "provider": method.provider,
            "provider_customer": method.provider_customer,
            "provider_method": method.provider_method,
            "kind": method.kind,
            "brand": method.brand,
            "last4": method.last4[-4:],
            "exp_month": method.exp_month,
            "exp_year": method.exp_year,
            "mandate_reference": method.mandate_reference,
            "mandate_signed_on": method.mandate_signed_on,
            "is_default": False,
            "origin": "transferred",
            "created_at": tx.now,
        }
        for method in methods
    ]
    statement = insert(payment_methods).values(rows)
    stored = await tx.all(
        statement.on_conflict_do_update(
            index_elements=["organization_id", "legacy_id"], set_={"is_usable": True}
        ).returning(payment_methods.c.id, payment_methods.c.legacy_id)
    )
    ids = {row.legacy_id: row.id for row in stored}
    if not await store.has_default(tx, organization_id):
        await store.set_default(tx, organization_id, ids[methods[0].legacy_id])
    return ids
