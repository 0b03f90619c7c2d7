"""Open a region, or change one."""

from typing import Any

from chassis.db.transaction import Transaction
from shop.regions import store
from shop.regions.errors import CountryTaken, RegionExists, RegionNotFound


async def define(tx: Transaction, *, code: str, countries: list[str], **values: Any) -> None:
    """Open a region; organizations of its countries are served from now on. Raises RegionExists, CountryTaken."""
    if await store.find(tx, code) is not None:
        raise RegionExists(f"A region “{code}” exists already.")
    await store.add(tx, {"code": code, **values})
    await _serve(tx, code, countries)


async def change(tx: Transaction, *, code: str, countries: list[str] | None, **values: Any) -> None:
    """Change a region; `countries` replaces the whole list. Raises RegionNotFound, CountryTaken."""
    if await store.find(tx, code) is None:
        raise RegionNotFound
    await store.change(tx, code, values)
    if countries is not None:
        await _serve(tx, code, countries)


async def _serve(tx: Transaction, code: str, countries: list[str]) -> None:
    wanted = sorted(set(countries))
    taken = await store.owner_of(tx, wanted, other_than=code)
    if taken:
        raise CountryTaken(f"Another region serves {', '.join(taken)}.", countries=taken)
    await store.set_countries(tx, code, wanted)
