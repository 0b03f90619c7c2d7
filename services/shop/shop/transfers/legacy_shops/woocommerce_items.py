"""The columns of WooCommerce's export that hold lists: order items, payment method meta, amounts."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

BETWEEN_ITEMS = re.compile(r";\s*(?=product_id:)")
BETWEEN_FIELDS = re.compile(r"\|(?=(?:product_id|name|quantity|total|meta|tax):)")
WITHOUT_MINOR_UNITS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF"}
)
WITH_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


@dataclass(frozen=True, slots=True)
class Item:
    """An order item: a product id, how many, and the net total of the line, as written."""

    product_id: str
    quantity: str
    total: str


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """The price per seat in minor units as text (empty when it cannot be told), and whether it was rounded."""

    minor: str
    is_rounded: bool


def read_items(text: str) -> list[Item]:
    """The items of `order_items`: a bare product id, or items whose names may hold `:`, `;` and `|`."""
    if "product_id:" not in text:
        return [Item(text.strip(), "1", "")]
    return [_item(part) for part in BETWEEN_ITEMS.split(text.strip()) if part.strip()]


def read_meta(text: str) -> dict[str, str]:
    """`key:value|key:value` as a dictionary."""
    pairs = (part.partition(":") for part in text.split("|"))
    return {key.strip(): value.strip() for key, colon, value in pairs if colon}


def unit_price(item: Item, currency: str) -> UnitPrice:
    """Net line total divided by the quantity, half up to the minor unit."""
    total, quantity = decimal(item.total), decimal(item.quantity)
    if total is None:
        return UnitPrice("", is_rounded=False)
    exact = total * _minor_units_in(currency) / (quantity if quantity is not None and quantity > 0 else 1)
    rounded = exact.quantize(Decimal(1), ROUND_HALF_UP)
    return UnitPrice(str(rounded), is_rounded=rounded != exact)


def decimal(text: str) -> Decimal | None:
    """A decimal number, or None."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else None


def _item(text: str) -> Item:
    fields: dict[str, str] = {}
    for part in BETWEEN_FIELDS.split(text.strip()):
        name, _, value = part.partition(":")
        fields.setdefault(name, value.strip())
    quantity = fields.get("quantity") or "1"
    return Item(fields.get("product_id", ""), quantity, fields.get("total", ""))


def _minor_units_in(currency: str) -> int:
    if currency in WITHOUT_MINOR_UNITS:
        return 1
    return 1000 if currency in WITH_THOUSANDTHS else 100
