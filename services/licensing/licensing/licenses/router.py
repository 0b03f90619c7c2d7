"""Licenses over HTTP."""

from datetime import date
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from chassis.http.dependencies import Read, Run, Tx
from chassis.http.pages import Page, PageQuery
from chassis.http.problems import problems
from chassis.kernel.ids import new_id
from licensing.access.scopes import LicenseReader, LicenseWriter, asked_organization, reading_reach, writing_reach
from licensing.history.queries import history_from_the_beginning, history_of_license
from licensing.history.schemas import HistoryEntry
from licensing.licenses.errors import (
    LicenseNotActive,
    LicenseNotFound,
    NotCountedInUnits,
    ReferenceReused,
    UnitsUsedUp,
)
from licensing.licenses.lock import lock_license
from licensing.licenses.overview import Filters, describe, list_licenses, show_license
from licensing.licenses.queries import license_for
from licensing.licenses.schemas import License, UseUnits
from licensing.licenses.use_units import use_units
from licensing.spreadsheets.write import csv_response, every_page, wants_csv

router = APIRouter(tags=["licenses"])

HISTORY_COLUMNS = ("at", "action", "actor", "by", "license_id", "assignment_id", "details")


@router.get("/licenses", operation_id="list_licenses")
async def get_licenses(
    principal: LicenseReader,
    reader: Read,
    page: PageQuery,
    organization: Annotated[str | None, Query(description="For operators: only this organization's.")] = None,
    product: str | None = None,
    status: str | None = None,
    origin: str | None = None,
    subscription_id: str | None = None,
    subscription_number: str | None = None,
    invoice_number: str | None = None,
    expiring_before: Annotated[date | None, Query(description="Terms that end before this day.")] = None,
) -> Page[License]:
    """“My licenses”: every license with its term, its seats, its subscription and invoice numbers."""
    filters = Filters(
        organization_id=asked_organization(principal, organization),
        product=product,
        status=status,
        origin=origin,
        subscription_id=subscription_id,
        subscription_number=subscription_number,
        invoice_number=invoice_number,
        expiring_before=expiring_before,
    )
    return await list_licenses(reader, filters, page)


@router.get("/licenses/{license_id}", operation_id="get_license", responses=problems(LicenseNotFound))
async def get_license(principal: LicenseReader, reader: Read, license_id: str) -> License:
    """One license."""
    return await show_license(reader, license_id, organization_id=reading_reach(principal))


@router.post(
    "/licenses/{license_id}/usage",
    operation_id="use_license_units",
    responses=problems(LicenseNotFound, NotCountedInUnits, LicenseNotActive, UnitsUsedUp, ReferenceReused),
)
async def post_usage(principal: LicenseWriter, tx: Tx, license_id: str, body: UseUnits) -> License:
    """Count units of a one-off license as used. The same `reference` counts once, however often it is told."""
    license = await lock_license(tx, license_id, organization_id=writing_reach(principal))
    after = await use_units(tx, license, units=body.units, reference=body.reference or new_id("use"))
    return (await describe(tx, [after]))[0]


@router.get(
    "/licenses/{license_id}/history",
    operation_id="list_license_history",
    responses=problems(LicenseNotFound) | {200: {"content": {"text/csv": {}}}},
    response_model=Page[HistoryEntry],
)
async def get_history(
    principal: LicenseReader, reader: Read, runtime: Run, request: Request, page: PageQuery, license_id: str
) -> Page[HistoryEntry] | Response:
    """Who did what to the license and its assignments, newest first; `Accept: text/csv`: all of it, oldest first."""
    await license_for(reader, license_id, organization_id=reading_reach(principal))
    if wants_csv(request):
        pages = every_page(runtime.database, lambda source, part: history_from_the_beginning(source, license_id, part))
        return await csv_response(HISTORY_COLUMNS, pages, _row, name=f"{license_id}-history.csv")
    return await history_of_license(reader, license_id, page)


def _row(entry: HistoryEntry) -> tuple[str | None, ...]:
    details = orjson.dumps(entry.details, option=orjson.OPT_SORT_KEYS).decode()
    at = entry.at.isoformat().replace("+00:00", "Z")
    return at, entry.action, entry.actor, entry.by, entry.license_id, entry.assignment_id, details
