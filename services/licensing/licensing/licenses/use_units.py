"""Count units of a one-off license as used."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from licensing.changes.mark import mark
from licensing.history.record import Deed, record
from licensing.licenses import store
from licensing.licenses.errors import LicenseNotActive, NotCountedInUnits, ReferenceReused, UnitsUsedUp
from licensing.licenses.license import License
from licensing.licenses.models import usages
from licensing.licenses.settle import settle
from licensing.organizations.queries import organization_of


async def use_units(tx: Transaction, license: License, *, units: int, reference: str) -> License:
    """Count `units` as used under `reference`, which may be told any number of times; the locked license after it.

    Never more than there are. Raises NotCountedInUnits, LicenseNotActive, UnitsUsedUp, ReferenceReused.
    """
    if license.units_total is None:
        raise NotCountedInUnits("This license is not counted in units.")
    if await _is_counted(tx, license, units, reference):
        return license
    left = license.units_total - license.units_used
    if license.status_at(tx.now) not in ("active", "used_up"):
        raise LicenseNotActive("This license is not active.")
    if units > left:
        raise UnitsUsedUp(f"{left} of {license.units_total} units are left.", units_left=left)
    await tx.execute(
        insert(usages).values(license_id=license.id, reference=reference, units=units, actor=tx.actor, used_at=tx.now)
    )
    after = await store.change(tx, license.id, {"units_used": license.units_used + units})
    details = {"units": units, "reference": reference}
    await record(tx, [Deed(license.organization_id, license.id, "license.units_used", details=details)])
    if after.units_used == after.units_total and after.buyer_email is not None:
        await mark(tx, product_code=after.product_code, emails=[after.buyer_email])
    return await settle(tx, after, organization=await organization_of(tx, license.organization_id))


async def _is_counted(tx: Transaction, license: License, units: int, reference: str) -> bool:
    known = await tx.first(
        select(usages.c.units).where(usages.c.license_id == license.id, usages.c.reference == reference)
    )
    if known is not None and known.units != units:
        raise ReferenceReused(f"This reference was used for {known.units} units before.", units_counted=known.units)
    return known is not None
