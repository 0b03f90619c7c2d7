"""Regions as other features read them."""

from sqlalchemy import select

from chassis.db.transaction import Reader
from shop.regions.models import region_countries, regions
from shop.regions.store import with_countries
from shop.regions.view import RegionView

# For joins of neighbours: which region a country belongs to.
REGION_OF_COUNTRY = select(region_countries.c.country, regions).join(
    regions, regions.c.code == region_countries.c.region_code
)


async def all_regions(reader: Reader) -> dict[str, RegionView]:
    """Every region by code."""
    rows = await reader.all(with_countries().order_by(regions.c.code))
    return {
        row.code: RegionView(
            row.code,
            row.name,
            tuple(row.countries),
            row.currency,
            row.tax_mode,
            row.default_locale,
            row.time_zone,
        )
        for row in rows
    }
