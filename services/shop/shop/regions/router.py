"""Regions: where the shop sells, and how."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Row

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid, PreconditionFailed
from shop.regions import store
from shop.regions.define import change, define
from shop.regions.errors import CountryTaken, RegionExists, RegionNotFound
from shop.regions.models import regions
from shop.regions.schemas import ChangeRegion, DefineRegion, Region

router = APIRouter(prefix="/regions", tags=["regions"])

Reading = Annotated[Principal, requires("operator:read", "operator:write")]
Writing = Annotated[Principal, requires("operator:write")]


@router.get("", operation_id="list_regions", responses=problems(Invalid))
async def list_regions(principal: Reading, reader: Read, page: PageQuery) -> Page[Region]:
    """All regions, by code."""
    return await page_of(reader, store.with_countries(), page, order_by=[regions.c.code], convert=_region)


@router.post("", status_code=201, operation_id="define_region", responses=problems(RegionExists, CountryTaken, Invalid))
async def define_region(principal: Writing, tx: Tx, run: Run, body: DefineRegion, response: Response) -> Region:
    """Open a region. Organizations of its countries see its products and prices from now on."""
    await define(tx, **body.model_dump())
    tx.after_commit(run.edges.shelves.forget)
    response.headers["Location"] = f"/api/v1/regions/{body.code}"
    return await _shown(tx, body.code, response)


@router.get("/{code}", operation_id="get_region", responses=problems(RegionNotFound))
async def get_region(principal: Reading, reader: Read, code: str, response: Response) -> Region:
    """One region."""
    return await _shown(reader, code, response)


@router.patch(
    "/{code}",
    operation_id="change_region",
    responses=problems(RegionNotFound, CountryTaken, PreconditionFailed, Invalid),
)
async def change_region(
    principal: Writing, tx: Tx, run: Run, code: str, body: ChangeRegion, request: Request, response: Response
) -> Region:
    """Change what is sent; `countries` replaces the whole list."""
    row = await store.find(tx, code)
    if row is not None:
        check_if_match(request, etag_of(row.code, row.changed_at))
    sent = body.model_dump(exclude_unset=True, exclude_none=True)
    await change(tx, code=code, countries=sent.pop("countries", None), **sent)
    tx.after_commit(run.edges.shelves.forget)
    return await _shown(tx, code, response)


async def _shown(reader: Read, code: str, response: Response) -> Region:
    row = await store.find(reader, code)
    if row is None:
        raise RegionNotFound
    response.headers["ETag"] = etag_of(row.code, row.changed_at)
    return _region(row)


def _region(row: Row[Any]) -> Region:
    return Region.model_validate(row, from_attributes=True)
