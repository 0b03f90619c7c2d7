"""What may be ordered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel.errors import FieldError
from shop.catalog.snapshot import CatalogSnapshot, PriceView

INTERVALS = ("month", "year")
MOST_SEATS = 100_000


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line as the customer sent it."""

    product_code: str
    interval: str | None
    quantity: int


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line that can be ordered, with its price."""

    product_code: str
    interval: str
    quantity: int
    price: PriceView

    @property
    def amount(self) -> int:
        """Quantity x unit price."""
        return self.quantity * self.price.amount


def offer(
    catalog: CatalogSnapshot, *, region_code: str, day: date, lines: Sequence[WantedLine]
) -> tuple[list[OfferedLine], list[FieldError]]:
    """Price the lines in the customer's region on a day; every line that cannot be ordered is named with a reason.

    Only subscriptions are sold, and only what the region has a price for (FAQ: products and prices of your region).
    """
    offered: list[OfferedLine] = []
    errors: list[FieldError] = []
    for index, line in enumerate(lines):
        found = _offer_line(catalog, region_code, day, line, f"/lines/{index}")
        if isinstance(found, FieldError):
            errors.append(found)
        else:
            offered.append(found)
    return offered, errors


def _offer_line(
    catalog: CatalogSnapshot, region_code: str, day: date, line: WantedLine, pointer: str
) -> OfferedLine | FieldError:
    if line.interval not in INTERVALS:
        detail = "Only subscriptions are sold: choose monthly or yearly. One-off purchases are not possible."
        return FieldError(f"{pointer}/interval", "one_off_not_sold", detail)
    if not 1 <= line.quantity <= MOST_SEATS:
        return FieldError(f"{pointer}/quantity", "invalid_quantity", f"The quantity lies between 1 and {MOST_SEATS}.")
    product = catalog.products.get(line.product_code)
    intervals = [each for each in INTERVALS if catalog.price_on(line.product_code, region_code, each, day)]
    if product is None or not product.is_active or not intervals:
        return FieldError(f"{pointer}/product_code", "not_sold_in_region", "This product is not sold in your region.")
    price = catalog.price_on(line.product_code, region_code, line.interval, day)
    if price is None:
        offered = " or ".join(intervals)
        return FieldError(f"{pointer}/interval", "interval_not_offered", f"This product is sold by the {offered}.")
    return OfferedLine(line.product_code, line.interval, line.quantity, price)
