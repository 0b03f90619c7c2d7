"""The whole catalogue as a value: who reads it decides about prices without asking the database again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shop.regions.view import RegionView


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product, for reading. `name` and `description` by language."""

    code: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    applications: tuple[str, ...]
    is_active: bool


@dataclass(frozen=True, slots=True)
class PriceView:
    """A price from its day until the day before the next one."""

    valid_from: date
    amount: int
    currency: str


@dataclass(frozen=True)
class CatalogSnapshot:
    """Regions, products and prices at one moment. Prices are keyed by (product, region, interval), oldest first."""

    regions: Mapping[str, RegionView]
    products: Mapping[str, ProductView]
    prices: Mapping[tuple[str, str, str], tuple[PriceView, ...]]
    region_of_country: Mapping[str, RegionView] = field(init=False)

    def __post_init__(self) -> None:
        by_country = {country: region for region in self.regions.values() for country in region.countries}
        object.__setattr__(self, "region_of_country", by_country)

    def region_for(self, country: str) -> RegionView | None:
        """The region that serves a country."""
        return self.region_of_country.get(country)

    def price_on(self, product_code: str, region_code: str, interval: str, day: date) -> PriceView | None:
        """The price valid on a day in the region's calendar."""
        valid = None
        for price in self.prices.get((product_code, region_code, interval), ()):
            if price.valid_from <= day:
                valid = price
        return valid

    def name_of(self, product_code: str) -> Mapping[str, str]:
        """A product's name by language; its code where the catalogue does not know it."""
        product = self.products.get(product_code)
        return product.name if product else dict.fromkeys(("en", "fr", "de", "it"), product_code)

    def applications_of(self, product_code: str) -> tuple[str, ...]:
        """The applications that a product unlocks."""
        product = self.products.get(product_code)
        return product.applications if product else ()
