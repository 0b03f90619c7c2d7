"""Products as answers: the shelf of one region, or the whole catalogue for operators."""

from collections.abc import Sequence

import orjson

from chassis.http.etags import etag_of
from chassis.http.pages import PageParams, decode_cursor, encode_cursor
from chassis.kernel.clock import Clock, today
from shop.catalog.errors import ProductNotFound
from shop.catalog.schemas import Product, ProductPage, ProductPrice
from shop.catalog.shelves import Answer
from shop.catalog.snapshot import CatalogSnapshot, ProductView
from shop.regions.view import RegionView
from shop.values import Amount, Texts

INTERVALS = ("month", "year")


def shelf(catalog: CatalogSnapshot, clock: Clock, region: RegionView) -> list[Product]:
    """What is sold in a region today: active products that have a price there."""
    items = [present(catalog, clock, product, [region]) for product in catalog.products.values() if product.is_active]
    return [item for item in items if item.prices]


def whole_catalog(catalog: CatalogSnapshot, clock: Clock) -> list[Product]:
    """Every product with its prices of all regions, retired ones too."""
    regions = list(catalog.regions.values())
    return [present(catalog, clock, product, regions) for product in catalog.products.values()]


def for_operators(catalog: CatalogSnapshot, clock: Clock, code: str) -> Product:
    """One product with its prices of all regions. Raises ProductNotFound."""
    product = catalog.products.get(code)
    if product is None:
        raise ProductNotFound
    return present(catalog, clock, product, list(catalog.regions.values()))


def present(catalog: CatalogSnapshot, clock: Clock, product: ProductView, regions: Sequence[RegionView]) -> Product:
    """One product with the prices valid today in the given regions."""
    prices = [price for region in regions for price in _prices(catalog, clock, product, region)]
    return Product(
        code=product.code,
        name=Texts(**product.name),
        description=Texts(**product.description),
        applications=list(product.applications),
        status="active" if product.is_active else "retired",
        prices=prices,
    )


def page(products: list[Product], params: PageParams) -> Answer:
    """One page of products as ready bytes."""
    if params.cursor is not None:
        last_seen = str(decode_cursor(params.cursor, 1)[0])
        products = [product for product in products if product.code > last_seen]
    shown = products[: params.limit]
    cursor = encode_cursor(shown[-1].code) if len(products) > params.limit else None
    return ready(ProductPage(items=shown, next_cursor=cursor))


def ready(model: Product | ProductPage) -> Answer:
    """The bytes and the entity tag of an answer."""
    body = orjson.dumps(model.model_dump(mode="json"))
    return Answer(body, etag_of(body.hex()))


def _prices(catalog: CatalogSnapshot, clock: Clock, product: ProductView, region: RegionView) -> list[ProductPrice]:
    day = today(clock, region.time_zone)
    found = []
    for interval in INTERVALS:
        price = catalog.price_on(product.code, region.code, interval, day)
        if price is not None:
            found.append(
                ProductPrice(
                    region=region.code,
                    interval=interval,
                    amount=Amount.minor(price.amount, price.currency),
                    tax_mode=region.tax_mode,
                    valid_from=price.valid_from,
                )
            )
    return found
