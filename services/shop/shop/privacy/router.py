"""What operators do with a customer: hold, let go, export, erase."""

from typing import Annotated, Any

from fastapi import APIRouter
from sqlalchemy import Row

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from shop.customers import queries as customers
from shop.customers.change import hold, release
from shop.customers.errors import CustomerNotFound
from shop.customers.presentation import record_of
from shop.customers.schemas import CustomerRecord, HoldCustomer
from shop.privacy.erase import erase
from shop.privacy.errors import LiveSubscriptions
from shop.privacy.export import export
from shop.subscriptions.hold import let_go_all

router = APIRouter(prefix="/customers/{organization_id}", tags=["customers"])

Reading = Annotated[Principal, requires("operator:read", "operator:write")]
Writing = Annotated[Principal, requires("operator:write")]


@router.post("/hold", operation_id="hold_customer", responses=problems(CustomerNotFound, Invalid))
async def hold_customer(
    principal: Writing, tx: Tx, organization_id: str, body: HoldCustomer | None = None
) -> CustomerRecord:
    """Stop buying and renewing. Renewals that fall due wait; access goes on."""
    await hold(tx, organization_id=organization_id, reason=(body or HoldCustomer()).reason)
    return record_of(await _row(tx, organization_id))


@router.post("/release", operation_id="release_customer", responses=problems(CustomerNotFound))
async def release_customer(principal: Writing, tx: Tx, organization_id: str) -> CustomerRecord:
    """Let a held customer buy and renew again; renewals that waited are charged now."""
    await release(tx, organization_id=organization_id)
    await let_go_all(tx, organization_id)
    return record_of(await _row(tx, organization_id))


@router.get("/export", operation_id="export_customer", responses=problems(CustomerNotFound))
async def export_customer(principal: Reading, reader: Read, run: Run, organization_id: str) -> dict[str, Any]:
    """Everything the shop knows about a customer, as one JSON document."""
    return await export(reader, organization_id=organization_id, catalog=await run.edges.shelves.snapshot())


@router.post("/erase", operation_id="erase_customer", responses=problems(CustomerNotFound, LiveSubscriptions))
async def erase_customer(principal: Writing, tx: Tx, organization_id: str) -> CustomerRecord:
    """Forget the people behind a customer; orders and invoices stay as the law asks."""
    await erase(tx, organization_id=organization_id)
    return record_of(await _row(tx, organization_id))


async def _row(tx: Tx, organization_id: str) -> Row[Any]:
    return await customers.row_of(tx, organization_id)
