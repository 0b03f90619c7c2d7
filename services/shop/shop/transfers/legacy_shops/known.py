"""The adapters by the name an upload gives its source."""

from collections.abc import Iterable, Mapping

from shop.transfers.legacy_shops.canonical_csv import CanonicalCsv
from shop.transfers.legacy_shops.protocol import LegacyShop
from shop.transfers.legacy_shops.woocommerce_csv import WooCommerceCsv

SOURCES = ("canonical", "woocommerce")


def legacy_shop(source: str, product_map: Mapping[str, str], files: Iterable[str] = ()) -> LegacyShop:
    """The adapter for a source; `product_map` leads from the legacy shop's product ids to our codes."""
    if source == WooCommerceCsv.source:
        return WooCommerceCsv(product_map, next(iter(files), "subscriptions.csv"))
    return CanonicalCsv(product_map)
