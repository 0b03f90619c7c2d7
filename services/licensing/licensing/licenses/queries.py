"""What neighbours may ask about licenses."""

from sqlalchemy import select

from chassis.db.transaction import Reader
from licensing.licenses import store
from licensing.licenses.errors import LicenseNotFound
from licensing.licenses.license import License
from licensing.licenses.models import licenses


async def license_for(reader: Reader, license_id: str, *, organization_id: str | None) -> License:
    """The license. Raises LicenseNotFound, for another organization's too; None may see every organization's."""
    license = await store.by_id(reader, license_id)
    if license is None or organization_id not in (None, license.organization_id):
        raise LicenseNotFound("There is no such license.")
    return license


async def of_organization(reader: Reader, organization_id: str) -> list[License]:
    """All licenses of the organization, in the order in which licenses are locked."""
    statement = (
        select(licenses)
        .where(licenses.c.organization_id == organization_id)
        .order_by(licenses.c.product_code, licenses.c.id)
    )
    return [store.license_of(row) for row in await reader.all(statement)]


async def of_transfer(reader: Reader, transfer_id: str) -> list[License]:
    """What a transfer granted, in the order in which licenses are locked."""
    statement = (
        select(licenses).where(licenses.c.transfer_id == transfer_id).order_by(licenses.c.product_code, licenses.c.id)
    )
    return [store.license_of(row) for row in await reader.all(statement)]


async def of_subscription(reader: Reader, subscription_id: str) -> License | None:
    """The license that a subscription granted."""
    row = await reader.first(select(licenses).where(licenses.c.subscription_id == subscription_id))
    return None if row is None else store.license_of(row)


async def to_look_at(reader: Reader, *, limit: int) -> list[str]:
    """Licenses whose status turns by itself about now."""
    statement = (
        select(licenses.c.id)
        .where(licenses.c.look_again_at <= reader.now)
        .order_by(licenses.c.look_again_at, licenses.c.id)
        .limit(limit)
    )
    return list((await reader.execute(statement)).scalars())
