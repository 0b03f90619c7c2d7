"""The catalogue as other features read it."""

from collections import defaultdict

from sqlalchemy import select

from chassis.db.transaction import Reader
from shop.catalog.models import prices, products
from shop.catalog.snapshot import CatalogSnapshot, PriceView, ProductView
from shop.regions.queries import all_regions

__all__ = ["CatalogSnapshot", "PriceView", "ProductView", "snapshot"]


async def snapshot(reader: Reader) -> CatalogSnapshot:
    """Read the whole catalogue: three statements, whatever its size."""
    regions = await all_regions(reader)
    items = {
        row.code: ProductView(
            row.code, row.name, row.description, tuple(row.applications), is_active=row.status == "active"
        )
        for row in await reader.all(select(products).order_by(products.c.code))
    }
    by_key: dict[tuple[str, str, str], list[PriceView]] = defaultdict(list)
    for row in await reader.all(select(prices).order_by(prices.c.valid_from)):
        key = (row.product_code, row.region_code, row.interval)
        by_key[key].append(PriceView(row.valid_from, row.amount_minor, row.currency))
    return CatalogSnapshot(regions, items, {key: tuple(values) for key, values in by_key.items()})
