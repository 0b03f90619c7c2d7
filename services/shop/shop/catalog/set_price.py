"""Set what a product costs in a region from a day on."""

from datetime import date
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from chassis.kernel.clock import today
from chassis.kernel.errors import FieldError, Invalid
from shop.catalog import store
from shop.regions.queries import all_regions
from shop.values import Amount


async def set_price(
    tx: Transaction, *, product_code: str, region: str, interval: str, amount: Amount, valid_from: date | None
) -> Row[Any]:
    """The price holds from `valid_from` (default: today in the region) until the next one begins.

    Running subscriptions keep the price they were agreed at. Raises Invalid for an unknown product or region, a
    currency that is not the region's, or a negative amount.
    """
    regions = await all_regions(tx)
    view = regions.get(region)
    errors = []
    if await store.find_product(tx, product_code) is None:
        errors.append(FieldError("/product_code", "unknown_product", "There is no such product."))
    if view is None:
        errors.append(FieldError("/region", "unknown_region", "There is no such region."))
    elif amount.currency != view.currency:
        errors.append(FieldError("/amount/currency", "currency_mismatch", f"The region sells in {view.currency}."))
    if amount.amount < 0:
        errors.append(FieldError("/amount/amount", "negative", "A price cannot be negative."))
    if view is None or errors:
        raise Invalid(errors=errors)
    first_day = valid_from or today(tx.clock, view.time_zone)
    key = {"product_code": product_code, "region_code": region, "interval": interval}
    await store.save_price(tx, key={**key, "valid_from": first_day}, amount=amount.amount, currency=amount.currency)
    return await store.find_price(tx, **key, valid_from=first_day)
