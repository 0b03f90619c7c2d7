"""The adapters by the name an upload gives its source."""

from collections.abc import Mapping

from shop.transfers.legacy_shops.canonical_csv import CanonicalCsv
from shop.transfers.legacy_shops.protocol import LegacyShop

SOURCES = ("canonical", "woocommerce")


def legacy_shop(source: str, product_map: Mapping[str, str]) -> LegacyShop:
    """The adapter for a source; `product_map` leads from the legacy shop's product ids to our codes."""
    return CanonicalCsv(product_map)
