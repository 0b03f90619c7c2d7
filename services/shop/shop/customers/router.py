"""The customer's own data, and the operators' search."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Tx, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid, PreconditionFailed
from shop.customers import queries
from shop.customers.change import change
from shop.customers.errors import CustomerNotFound, RegionFixed
from shop.customers.models import customers
from shop.customers.presentation import record_of, shown
from shop.customers.queries import CustomerView
from shop.customers.schemas import ChangeCustomer, Customer, CustomerRecord

router = APIRouter(tags=["customers"])

Own = Annotated[Principal, requires("orders:read", "orders:write")]
Changing = Annotated[Principal, requires("orders:write")]
Reading = Annotated[Principal, requires("operator:read", "operator:write")]


@router.get("/customer", operation_id="get_customer", responses=problems(CustomerNotFound))
async def get_customer(principal: Own, reader: Read, response: Response) -> Customer:
    """The organization's billing address, VAT id and region."""
    view = await queries.get(reader, principal.organization)
    response.headers["ETag"] = _etag(view)
    return shown(view)


@router.patch(
    "/customer",
    operation_id="change_customer",
    responses=problems(CustomerNotFound, RegionFixed, PreconditionFailed, Invalid),
)
async def change_customer(
    principal: Changing, tx: Tx, body: ChangeCustomer, request: Request, response: Response
) -> Customer:
    """Change what is sent. A VAT id of another country of the Union makes the buyer owe the tax (reverse charge)."""
    check_if_match(request, _etag(await queries.get(tx, principal.organization)))
    view = await change(tx, organization_id=principal.organization, sent=body.model_dump(exclude_unset=True))
    response.headers["ETag"] = _etag(view)
    return shown(view)


@router.get("/customers", operation_id="list_customers", responses=problems(Invalid))
async def list_customers(
    principal: Reading,
    reader: Read,
    page: PageQuery,
    query: Annotated[str | None, Query(description="Part of the company, e-mail, id, legacy id or VAT id.")] = None,
    country: str | None = None,
    status: Literal["active", "held", "erased"] | None = None,
    origin: Literal["new", "transferred"] | None = None,
) -> Page[CustomerRecord]:
    """Search customers."""
    wanted = queries.selected()
    if query:
        columns = ("organization_id", "company", "email", "legacy_id", "vat_id")
        hits = [customers.c[name].icontains(query, autoescape=True) for name in columns]
        wanted = wanted.where(hits[0] | hits[1] | hits[2] | hits[3] | hits[4])
    for name, value in {"country": country, "status": status, "origin": origin}.items():
        if value:
            wanted = wanted.where(customers.c[name] == value)
    return await page_of(reader, wanted, page, order_by=[customers.c.organization_id], convert=record_of)


@router.get("/customers/{organization_id}", operation_id="get_customer_record", responses=problems(CustomerNotFound))
async def get_customer_record(principal: Reading, reader: Read, organization_id: str) -> CustomerRecord:
    """One customer."""
    return record_of(await queries.row_of(reader, organization_id))


def _etag(view: CustomerView) -> str:
    return etag_of(view.organization_id, view.version)
