"""What neighbours may ask about products."""

from collections.abc import Iterable

from sqlalchemy import select

from chassis.db.transaction import Reader
from licensing.products.models import products


async def names_of(reader: Reader, codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names by language of each product; a product nobody has told us about is called by its code."""
    wanted = set(codes)
    rows = await reader.all(select(products.c.code, products.c.name).where(products.c.code.in_(wanted)))
    known = {row.code: row.name for row in rows}
    return {code: known.get(code, {"en": code}) for code in wanted}


async def applications_of(reader: Reader, codes: Iterable[str]) -> dict[str, list[str]]:
    """The application codes that each product unlocks."""
    rows = await reader.all(select(products.c.code, products.c.applications).where(products.c.code.in_(set(codes))))
    return {row.code: row.applications for row in rows}
