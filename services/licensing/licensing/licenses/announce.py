"""Tell the other services what became of a license."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from chassis.db.transaction import Reader, Transaction
from licensing.licenses.events import LicenseBody, LicenseEvent, Term
from licensing.licenses.license import License
from licensing.organizations.queries import organization_of
from licensing.organizations.snapshots import Buyer, Organization
from licensing.products.queries import names_of

COUNT_HELD = text(
    "SELECT count(DISTINCT seat_no) FROM assignments WHERE license_id = :license_id AND closed_at IS NULL "
    "AND (ends_at IS NULL OR ends_at > :now)"
)

HELD = text(
    "SELECT license_id, count(DISTINCT seat_no) AS held FROM assignments WHERE license_id = ANY(CAST(:ids AS text[])) "
    "AND closed_at IS NULL AND (ends_at IS NULL OR ends_at > :now) GROUP BY license_id"
)


async def announce(
    tx: Transaction,
    license: License,
    kind: type[LicenseEvent],
    *,
    assigned: int | None = None,
    organization: Organization | None = None,
    product_name: dict[str, str] | None = None,
    **more: Any,
) -> None:
    """Emit an event of `kind` about the license as it is now; what the caller knows already is not asked again."""
    name = product_name or (await names_of(tx, [license.product_code]))[license.product_code]
    held = await count_held(tx, license) if assigned is None else assigned
    tx.emit(
        kind(
            license=body_of(license, assigned=held, status=license.status_at(tx.now)),
            product_name=name,
            organization=organization or await organization_of(tx, license.organization_id),
            buyer=None if license.buyer is None else Buyer.model_validate(license.buyer),
            **more,
        )
    )


async def count_held(tx: Transaction, license: License) -> int:
    """How many seats of the license have a holder today or later."""
    if license.is_one_off:
        return min(1, license.quantity)
    return await tx.scalar(COUNT_HELD, {"license_id": license.id, "now": tx.now})


async def count_held_by_license(reader: Reader, license_ids: Sequence[str]) -> dict[str, int]:
    """The same of many licenses by id, seats alone; those without a holder are left out."""
    if not license_ids:
        return {}
    rows = await reader.all(HELD, {"ids": list(license_ids), "now": reader.now})
    return {row.license_id: row.held for row in rows}


def body_of(license: License, *, assigned: int, status: str) -> LicenseBody:
    """The license as events show it."""
    return LicenseBody(
        id=license.id,
        organization_id=license.organization_id,
        product_code=license.product_code,
        status=status,
        term=Term(first_day=license.first_day, last_day=license.last_day),
        quantity=license.quantity,
        assigned=assigned,
        free=free_seats(license, assigned=assigned, status=status),
        over_quantity=license.over_quantity,
        subscription_id=license.subscription_id,
        subscription_number=license.subscription_number,
        invoice_number=license.invoice_number,
        origin=license.origin,
    )


def free_seats(license: License, *, assigned: int, status: str) -> int:
    """How many seats can still be given to somebody; a license that is over, or a one-off one, has none to give."""
    if license.is_one_off or status == "ended":
        return 0
    return max(0, license.quantity - assigned)
