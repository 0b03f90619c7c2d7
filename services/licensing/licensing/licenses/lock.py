"""Take a license in hand before deciding about its seats."""

from collections.abc import Collection

from chassis.db.transaction import Transaction
from licensing.licenses import store
from licensing.licenses.errors import LicenseNotFound
from licensing.licenses.license import License


async def lock_pool(tx: Transaction, *, organization_id: str, product_code: str) -> list[License]:
    """Lock all licenses that the organization has of the product, always in the same order."""
    return await lock_pools(tx, [(organization_id, product_code)])


async def lock_pools(tx: Transaction, pools: Collection[tuple[str, str]]) -> list[License]:
    """Lock all licenses of each pool (organization, product), always in the same order.

    One address may hold one seat of a product, whichever license it belongs to: who decides about one of the licenses
    decides about all of them. Always the first lock of a transaction, so that nobody waits in a circle.
    """
    return await store.lock_pools(tx, sorted(set(pools)))


async def lock_license(tx: Transaction, license_id: str, *, organization_id: str | None) -> License:
    """Lock the license and its siblings. Raises LicenseNotFound, for another organization's license too.

    `organization_id` None: the caller may act for every organization.
    """
    pool = await store.lock_pool_of(tx, license_id, organization_id=organization_id)
    wanted = next((license for license in pool if license.id == license_id), None)
    if wanted is None:
        raise LicenseNotFound("There is no such license.")
    return wanted
