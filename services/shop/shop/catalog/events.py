"""What the catalogue tells the other services."""

from typing import ClassVar, Literal

from chassis.facts import Event
from shop.values import Texts


class ProductChanged(Event):
    """A product was defined, changed or retired; the whole product as it is now."""

    event_type: ClassVar[str] = "shop.product.changed.v1"
    subject_field: ClassVar[str] = "product_code"

    product_code: str
    name: Texts
    description: Texts
    applications: list[str]
    status: Literal["active", "retired"]
