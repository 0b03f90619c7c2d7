"""Take over payment methods of the old shop: the provider's tokens stay the same, so the same card is charged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    """Store one organization's methods; answers our id for each legacy id. See `adopt_all`."""
    return (await adopt_all(tx, {organization_id: methods}))[organization_id]


async def adopt_all(tx: Transaction, methods: Mapping[str, Sequence[AdoptedMethod]]) -> dict[str, dict[str, str]]:
    """Store the methods of several organizations; answers our id for each legacy id, by organization.

    A second time gives the same ids, brings them up to date and makes them usable. The first method of an
    organization without a default one becomes its default.
    """
    ids: dict[str, dict[str, str]] = {organization_id: {} for organization_id in methods}
    rows = [_row(tx, organization_id, method) for organization_id, mine in methods.items() for method in mine]
    if not rows:
        return ids
    statement = insert(payment_methods)
    kept = ("id", "organization_id", "legacy_id", "is_default", "created_at")
    changed = {name: statement.excluded[name] for name in rows[0] if name not in kept} | {"is_usable": True}
    statement = statement.on_conflict_do_update(
        index_elements=["organization_id", "legacy_id"], set_=changed
    ).returning(payment_methods.c.id, payment_methods.c.organization_id, payment_methods.c.legacy_id)
    for row in await tx.all(statement, rows):
        ids[row.organization_id][row.legacy_id] = row.id
    await store.set_missing_defaults(tx, [ids[known][mine[0].legacy_id] for known, mine in methods.items() if mine])
    return ids


def _row(tx: Transaction, organization_id: str, method: AdoptedMethod) -> dict[str, Any]:
    return {
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
