"""Put a product on sale, change it, take it off."""

from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.catalog import store
from shop.catalog.errors import ProductExists, ProductNotFound
from shop.catalog.events import ProductChanged
from shop.values import Texts


async def define_product(tx: Transaction, *, code: str, values: dict[str, Any]) -> Row[Any]:
    """A new product; a retired one of the same code comes back on sale. Raises ProductExists."""
    known = await store.find_product(tx, code)
    if known is not None and known.status == "active":
        raise ProductExists(f"A product “{code}” exists already.")
    return _told(tx, await store.save_product(tx, code, {**values, "status": "active"}))


async def change_product(tx: Transaction, *, code: str, values: dict[str, Any]) -> Row[Any]:
    """Change some fields of a product. Raises ProductNotFound."""
    row = await store.change_product(tx, code, values)
    if row is None:
        raise ProductNotFound
    return _told(tx, row)


async def retire_product(tx: Transaction, *, code: str) -> None:
    """Sell a product no more; running subscriptions of it go on and renew. Raises ProductNotFound."""
    await change_product(tx, code=code, values={"status": "retired"})


def _told(tx: Transaction, row: Row[Any]) -> Row[Any]:
    tx.emit(
        ProductChanged(
            product_code=row.code,
            name=Texts(**row.name),
            description=Texts(**row.description),
            applications=row.applications,
            status=row.status,
        )
    )
    return row
