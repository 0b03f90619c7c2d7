"""The decision about customers as the database knows them: what dry run, import and transfer all ask."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from shop.catalog.queries import CatalogSnapshot, snapshot
from shop.transfers.dossiers import Known, dossiers_of
from shop.transfers.models import waves
from shop.transfers.rules.catalogue import Catalogue, Price, Region
from shop.transfers.rules.decide import decide
from shop.transfers.rules.decisions import Circumstances, Decision


@dataclass(frozen=True, slots=True)
class World:
    """What decisions depend on beside the export: the catalogue and the payment providers configured."""

    catalog: CatalogSnapshot
    catalogue: Catalogue
    providers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """For which day a customer is decided about, and how far from it the next renewal must be (days)."""

    transfer_on: date
    safety_window_days: int = 0


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A decision, and the load and organization it is about."""

    decision: Decision
    known: Known
    transfer_on: date


async def read_world(reader: Reader, providers: frozenset[str]) -> World:
    """Read the catalogue as it is now."""
    catalog = await snapshot(reader)
    return World(catalog=catalog, catalogue=_catalogue(catalog), providers=providers)


async def evaluate_transfers(reader: Reader, rows: Sequence[Row[Any]], world: World) -> dict[str, Evaluated]:
    """Decide about transfers, each for its own day and by the safety window of its wave; by legacy customer id."""
    if not rows:
        return {}
    wanted = select(waves.c.id, waves.c.safety_window_days).where(waves.c.id.in_({row.wave_id for row in rows}))
    windows = {wave.id: wave.safety_window_days for wave in await reader.all(wanted)}
    plans = {row.legacy_customer_id: Plan(row.transfer_on, windows[row.wave_id]) for row in rows}
    return await evaluate(reader, plans, world)


async def evaluate(reader: Reader, plans: Mapping[str, Plan], world: World) -> dict[str, Evaluated]:
    """Decide about the customers named, each by its own plan; unknown customers are left out."""
    found = await dossiers_of(reader, plans)
    return await asyncio.to_thread(_decide_all, found, plans, world)


def in_batches(legacy_ids: Iterable[str], size: int = 500) -> Iterable[list[str]]:
    """The ids in lists of at most `size`."""
    batch: list[str] = []
    for legacy_id in legacy_ids:
        batch.append(legacy_id)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _decide_all(found: dict[str, Known], plans: Mapping[str, Plan], world: World) -> dict[str, Evaluated]:
    return {
        legacy_id: Evaluated(
            decision=decide(
                known.dossier,
                world.catalogue,
                Circumstances(
                    exported_on=known.exported_on,
                    transfer_on=plans[legacy_id].transfer_on,
                    providers=world.providers,
                    safety_window_days=plans[legacy_id].safety_window_days,
                ),
            ),
            known=known,
            transfer_on=plans[legacy_id].transfer_on,
        )
        for legacy_id, known in found.items()
    }


def _catalogue(catalog: CatalogSnapshot) -> Catalogue:
    return Catalogue(
        regions={
            country: Region(region.code, region.currency, region.default_locale, region.time_zone)
            for country, region in catalog.region_of_country.items()
        },
        products=frozenset(code for code, product in catalog.products.items() if product.is_active),
        prices=(
            Price(product, region, interval, price.amount, price.valid_from)
            for (product, region, interval), prices in catalog.prices.items()
            for price in prices
        ),
    )
