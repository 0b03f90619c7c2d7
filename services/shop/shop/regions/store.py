"""The SQL of regions."""

from typing import Any

from sqlalchemy import ARRAY, Row, Text, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, array_agg

from chassis.db.transaction import Reader, Transaction
from shop.regions.models import region_countries, regions


def with_countries() -> Any:
    """A select of regions with their countries, in order."""
    countries = (
        select(array_agg(aggregate_order_by(region_countries.c.country, region_countries.c.country)))
        .where(region_countries.c.region_code == regions.c.code)
        .scalar_subquery()
    )
    return select(regions, func.coalesce(countries, literal([], ARRAY(Text))).label("countries"))


async def find(reader: Reader, code: str) -> Row[Any] | None:
    """One region with its countries."""
    return await reader.first(with_countries().where(regions.c.code == code))


async def add(tx: Transaction, values: dict[str, Any]) -> None:
    """A new region, without countries yet."""
    await tx.execute(insert(regions).values(**values, changed_at=tx.now))


async def change(tx: Transaction, code: str, values: dict[str, Any]) -> None:
    """Change some of a region's columns."""
    await tx.execute(update(regions).where(regions.c.code == code).values(**values, changed_at=tx.now))


async def owner_of(tx: Transaction, countries: list[str], *, other_than: str) -> list[str]:
    """Which of the countries belong to another region."""
    taken = select(region_countries.c.country).where(
        region_countries.c.country.in_(countries), region_countries.c.region_code != other_than
    )
    return sorted((await tx.execute(taken)).scalars())


async def set_countries(tx: Transaction, code: str, countries: list[str]) -> None:
    """Let the region serve exactly these countries."""
    await tx.execute(delete(region_countries).where(region_countries.c.region_code == code))
    if countries:
        rows = [{"country": country, "region_code": code} for country in countries]
        await tx.execute(insert(region_countries), rows)
