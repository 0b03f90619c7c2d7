"""The customers of the legacy shop, for operators who plan waves."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy import Row, any_, literal, or_, select

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from shop.transfers.dry_run.schemas import CheckedCustomer
from shop.transfers.dry_run.show import customer_shown
from shop.transfers.errors import LegacyCustomerNotFound
from shop.transfers.evaluate import Plan, evaluate, read_world
from shop.transfers.models import directory, transfers
from shop.transfers.policy import policy_of
from shop.transfers.schemas import LegacyCustomer

router = APIRouter(prefix="/legacy-customers", tags=["transfer"])

Reading = Annotated[Principal, requires("operator:read", "operator:write")]


@router.get("", response_model=Page[LegacyCustomer])
async def list_legacy_customers(
    principal: Reading,
    reader: Read,
    params: PageQuery,
    search: Annotated[str | None, Query(description="Part of the id, company or address.")] = None,
    region: Annotated[str | None, Query()] = None,
    outcome: Annotated[Literal["moves", "blocked", "nothing_to_move"] | None, Query()] = None,
    code: Annotated[str | None, Query(description="Blocked or warned about with this code.")] = None,
    is_free: Annotated[bool | None, Query(description="Only customers that no wave has.")] = None,
) -> Page[LegacyCustomer]:
    """The customers known from the legacy shop, to choose waves from."""
    statement = select(directory)
    if search:
        searched = (directory.c.legacy_id, directory.c.company, directory.c.email_key)
        statement = statement.where(or_(*(column.icontains(search, autoescape=True) for column in searched)))
    if region is not None:
        statement = statement.where(directory.c.region == region)
    if outcome is not None:
        statement = statement.where(directory.c.outcome == outcome)
    if code is not None:
        statement = statement.where(
            or_(literal(code) == any_(directory.c.codes), literal(code) == any_(directory.c.warnings))
        )
    if is_free is not None:
        taken = (
            select(transfers.c.id)
            .where(
                transfers.c.legacy_customer_id == directory.c.legacy_id,
                transfers.c.state.not_in(("cancelled", "rolled_back")),
            )
            .exists()
        )
        statement = statement.where(~taken if is_free else taken)
    return await page_of(reader, statement, params, order_by=[directory.c.legacy_id], convert=_shown)


@router.get("/{legacy_id}", response_model=CheckedCustomer, responses=problems(LegacyCustomerNotFound))
async def check_legacy_customer(
    principal: Reading,
    runtime: Run,
    reader: Read,
    legacy_id: str,
    transfer_on: Annotated[date | None, Query(description="The day to decide for; default: today.")] = None,
    safety_window_days: Annotated[int, Query(ge=0, le=60, description="As a wave with this window would.")] = 0,
) -> CheckedCustomer:
    """The dry run of one customer for a day, in a wave or not."""
    world = await read_world(reader, policy_of(runtime).providers)
    plan = Plan(transfer_on or reader.now.date(), safety_window_days)
    found = await evaluate(reader, {legacy_id: plan}, world)
    if legacy_id not in found:
        raise LegacyCustomerNotFound()
    return customer_shown(found[legacy_id], None)


def _shown(row: Row[Any]) -> LegacyCustomer:
    return LegacyCustomer(
        legacy_id=row.legacy_id,
        company=row.company,
        email=row.email_key,
        country=row.country,
        region=row.region,
        exported_on=row.exported_on,
        outcome=row.outcome,
        codes=row.codes,
        warnings=row.warnings,
        seats=row.seats,
        renews_from=row.renews_from,
        renews_to=row.renews_to,
        organization_id=row.organization_id,
        moved_at=row.moved_at,
    )
