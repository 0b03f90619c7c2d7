"""The catalogue: a region's products for customers, the whole of it for operators."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Row

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.etags import check_if_match
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.clock import Clock, today
from chassis.kernel.errors import Invalid, PreconditionFailed
from shop.catalog import presentation, store
from shop.catalog.define_product import change_product, define_product, retire_product
from shop.catalog.errors import ProductExists, ProductNotFound
from shop.catalog.queries import snapshot
from shop.catalog.schemas import ChangeProduct, DefineProduct, Price, Product, ProductPage, SetPrice
from shop.catalog.set_price import set_price
from shop.catalog.shelves import Answer
from shop.catalog.snapshot import CatalogSnapshot
from shop.customers.queries import country_of
from shop.regions.view import RegionView
from shop.values import Amount

router = APIRouter(tags=["catalogue"])

Browsing = Annotated[Principal, requires("catalog:read", "operator:read", "operator:write")]
Reading = Annotated[Principal, requires("operator:read", "operator:write")]
Writing = Annotated[Principal, requires("operator:write")]
RegionFilter = Annotated[str | None, Query(description="Operators only: the shelf of this region.")]


@router.get("/products", operation_id="list_products", response_model=ProductPage, responses=problems(Invalid))
async def list_products(
    principal: Browsing, run: Run, page: PageQuery, request: Request, region: RegionFilter = None
) -> Response:
    """The products and today's prices of the caller's region, and of no other. Operators see the whole catalogue."""
    clock = run.clock
    place = await _place(run, principal, region)
    catalog: CatalogSnapshot = await run.edges.shelves.snapshot()
    seen = [place] if isinstance(place, RegionView) else catalog.regions.values()
    days = tuple(today(clock, region.time_zone) for region in seen)
    where = place.code if isinstance(place, RegionView) else (place,)
    answer = await run.edges.shelves.answer(
        ("list", where, days, page.limit, page.cursor),
        lambda catalog: presentation.page(_offered(catalog, clock, place), page),
    )
    return _sent(answer, request)


@router.get("/products/{code}", operation_id="get_product", response_model=Product, responses=problems(ProductNotFound))
async def get_product(
    principal: Browsing, run: Run, code: str, request: Request, region: RegionFilter = None
) -> Response:
    """One product of the caller's region. A product sold only elsewhere is unknown here."""
    clock = run.clock
    catalog: CatalogSnapshot = await run.edges.shelves.snapshot()
    place = await _place(run, principal, region)
    for product in _offered(catalog, clock, place):
        if product.code == code:
            return _sent(presentation.ready(product), request)
    raise ProductNotFound


@router.post("/products", status_code=201, operation_id="define_product", responses=problems(ProductExists, Invalid))
async def post_product(principal: Writing, tx: Tx, run: Run, body: DefineProduct, response: Response) -> Product:
    """Put a product on sale. It is seen where it has a price."""
    values = body.model_dump()
    await define_product(tx, code=values.pop("code"), values=values)
    tx.after_commit(run.edges.shelves.forget)
    response.headers["Location"] = f"/api/v1/products/{body.code}"
    return await _edited(tx, body.code, response)


@router.patch(
    "/products/{code}",
    operation_id="change_product",
    responses=problems(ProductNotFound, PreconditionFailed, Invalid),
)
async def patch_product(
    principal: Writing, tx: Tx, run: Run, code: str, body: ChangeProduct, request: Request, response: Response
) -> Product:
    """Change what is sent."""
    known = presentation.for_operators(await snapshot(tx), run.clock, code)
    check_if_match(request, presentation.ready(known).etag)
    await change_product(tx, code=code, values=body.model_dump(exclude_unset=True, exclude_none=True))
    tx.after_commit(run.edges.shelves.forget)
    return await _edited(tx, code, response)


@router.delete("/products/{code}", status_code=204, operation_id="retire_product", responses=problems(ProductNotFound))
async def delete_product(principal: Writing, tx: Tx, run: Run, code: str) -> None:
    """Sell the product no more. Running subscriptions of it go on."""
    await retire_product(tx, code=code)
    tx.after_commit(run.edges.shelves.forget)


@router.get("/prices", operation_id="list_prices", responses=problems(Invalid))
async def list_prices(
    principal: Reading,
    reader: Read,
    page: PageQuery,
    product_code: str | None = None,
    region: str | None = None,
    interval: str | None = None,
) -> Page[Price]:
    """All prices with their validity, past and future ones too."""
    prices = store.priced()
    filters = {"product_code": product_code, "region_code": region, "interval": interval}
    wanted = prices.select().where(*[prices.c[name] == value for name, value in filters.items() if value])
    order = [prices.c.product_code, prices.c.region_code, prices.c.interval, prices.c.valid_from]
    return await page_of(reader, wanted, page, order_by=order, convert=_price)


@router.post("/prices", status_code=201, operation_id="set_price", responses=problems(Invalid))
async def post_price(principal: Writing, tx: Tx, run: Run, body: SetPrice) -> Price:
    """Set what a product costs in a region from a day on. Running subscriptions keep their price."""
    row = await set_price(
        tx,
        product_code=body.product_code,
        region=body.region,
        interval=body.interval,
        amount=body.amount,
        valid_from=body.valid_from,
    )
    tx.after_commit(run.edges.shelves.forget)
    return _price(row)


async def _place(run: Run, principal: Principal, region: str | None) -> RegionView | str:
    """The region whose shelf the caller sees; `everywhere` for operators without one, `nowhere` if none serves them."""
    catalog: CatalogSnapshot = await run.edges.shelves.snapshot()
    if principal.is_operator:
        if region is not None:
            return catalog.regions.get(region, "nowhere")
        if principal.organization_id is None:
            return "everywhere"
    country = await country_of(run.database, principal.organization)
    own = catalog.region_for(country) if country else None
    if own is not None:
        return own
    return "everywhere" if principal.is_operator else "nowhere"


def _offered(catalog: CatalogSnapshot, clock: Clock, place: RegionView | str) -> list[Product]:
    if isinstance(place, RegionView):
        return presentation.shelf(catalog, clock, place)
    return presentation.whole_catalog(catalog, clock) if place == "everywhere" else []


def _sent(answer: Answer, request: Request) -> Response:
    headers = {"ETag": answer.etag, "Cache-Control": "private, no-cache"}
    if answer.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)


async def _edited(tx: Tx, code: str, response: Response) -> Product:
    product = presentation.for_operators(await snapshot(tx), tx.clock, code)
    response.headers["ETag"] = presentation.ready(product).etag
    return product


def _price(row: Row[Any]) -> Price:
    return Price(
        id=row.id,
        product_code=row.product_code,
        region=row.region_code,
        interval=row.interval,
        amount=Amount.minor(row.amount_minor, row.currency),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
