"""The organization's wish list."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from shop.catalog.errors import ProductNotFound
from shop.catalog.presentation import shelf
from shop.catalog.schemas import Product
from shop.customers.queries import country_of
from shop.wishlist.errors import NotWished
from shop.wishlist.models import wishes
from shop.wishlist.schemas import Wish

router = APIRouter(prefix="/wishlist", tags=["wish list"])

Reading = Annotated[Principal, requires("orders:read", "orders:write")]
Writing = Annotated[Principal, requires("orders:write")]


@router.get("", operation_id="list_wishes", responses=problems(Invalid))
async def list_wishes(principal: Reading, reader: Read, run: Run, page: PageQuery) -> Page[Wish]:
    """The products wished for, with today's prices."""
    offered = await _offered(run, principal)
    mine = select(wishes).where(wishes.c.organization_id == principal.organization)
    return await page_of(
        reader,
        mine,
        page,
        order_by=[wishes.c.added_at, wishes.c.product_code],
        convert=lambda row: Wish(
            product_code=row.product_code, added_at=row.added_at, product=offered.get(row.product_code)
        ),
    )


@router.put("/{product_code}", operation_id="add_wish", responses=problems(ProductNotFound))
async def add_wish(principal: Writing, tx: Tx, run: Run, product_code: str, response: Response) -> Wish:
    """Put a product of the region on the list. Doing it twice is harmless."""
    product = (await _offered(run, principal)).get(product_code)
    if product is None:
        raise ProductNotFound
    key = {"organization_id": principal.organization, "product_code": product_code}
    await tx.execute(insert(wishes).values(**key, added_at=tx.now).on_conflict_do_nothing())
    row = await tx.one(select(wishes).filter_by(**key))
    response.status_code = 201 if row.added_at == tx.now else 200
    return Wish(product_code=product_code, added_at=row.added_at, product=product)


@router.delete("/{product_code}", status_code=204, operation_id="remove_wish", responses=problems(NotWished))
async def remove_wish(principal: Writing, tx: Tx, product_code: str) -> None:
    """Take a product off the list."""
    mine = delete(wishes).where(
        wishes.c.organization_id == principal.organization, wishes.c.product_code == product_code
    )
    if (await tx.execute(mine)).rowcount == 0:
        raise NotWished


async def _offered(run: Run, principal: Principal) -> dict[str, Product]:
    catalog = await run.edges.shelves.snapshot()
    country = await country_of(run.database, principal.organization)
    region = catalog.region_for(country) if country else None
    return {product.code: product for product in shelf(catalog, run.clock, region)} if region else {}
