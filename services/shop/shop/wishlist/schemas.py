"""The wish list as clients see it."""

from datetime import datetime

from pydantic import BaseModel

from shop.catalog.schemas import Product


class Wish(BaseModel):
    """A product the organization means to buy; `product` is null when it is no longer sold in the region."""

    product_code: str
    added_at: datetime
    product: Product | None
