"""The catalogue as the rules see it: regions, products, and the price on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Region:
    """A price region: the countries it serves, its currency, its default language and time zone."""

    code: str
    currency: str
    default_locale: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Price:
    """What a product costs in a region per interval, from a day on."""

    product: str
    region: str
    interval: str
    amount: int
    valid_from: date


class Catalogue:
    """Answers the three questions of the rules: which region, is it sold, at what price."""

    def __init__(self, *, regions: dict[str, Region], products: frozenset[str], prices: Iterable[Price]) -> None:
        """`regions` by country code (ISO 3166-1 alpha-2, upper case)."""
        self._regions = regions
        self._products = products
        self._prices: dict[tuple[str, str, str], list[Price]] = {}
        for price in sorted(prices, key=lambda price: price.valid_from):
            self._prices.setdefault((price.product, price.region, price.interval), []).append(price)

    def region_of(self, country: str) -> Region | None:
        """The region that serves the country, or None."""
        return self._regions.get(country.upper())

    def sells(self, product: str) -> bool:
        """Tell whether the product is in the catalogue."""
        return product in self._products

    def price_of(self, *, product: str, region: str, interval: str, on: date) -> int | None:
        """The net price per seat and interval on that day, in the region's minor units; None = not sold."""
        if product not in self._products:
            return None
        valid = [p.amount for p in self._prices.get((product, region, interval), ()) if p.valid_from <= on]
        return valid[-1] if valid else None
