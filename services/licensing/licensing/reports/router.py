"""Reports over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from chassis.http.dependencies import Read, Run
from chassis.http.pages import PageQuery
from licensing.access.scopes import LicenseReader, asked_organization
from licensing.reports.schemas import SeatUsage, SeatUsageReport
from licensing.reports.seat_usage import COLUMNS, Question, seat_usage, totals
from licensing.spreadsheets.write import csv_response, every_page, wants_csv

router = APIRouter(tags=["reports"])


@router.get(
    "/reports/seat-usage",
    operation_id="report_seat_usage",
    response_model=SeatUsageReport,
    responses={200: {"content": {"text/csv": {}}}},
)
async def get_seat_usage(
    principal: LicenseReader,
    reader: Read,
    runtime: Run,
    request: Request,
    page: PageQuery,
    organization: Annotated[str | None, Query(description="For operators: only this organization's.")] = None,
    product: str | None = None,
) -> SeatUsageReport | Response:
    """How many seats are bought, held and still waiting; `Accept: text/csv` for a table of all of them."""
    question = Question(reader.now, asked_organization(principal, organization), product)
    if wants_csv(request):
        pages = every_page(runtime.database, lambda source, part: seat_usage(source, question, part))
        return await csv_response(COLUMNS, pages, _row, name="seat-usage.csv")
    found = await seat_usage(reader, question, page)
    return SeatUsageReport(
        as_of=question.at,
        items=found.items,
        next_cursor=found.next_cursor,
        totals=await totals(reader, question),
    )


def _row(item: SeatUsage) -> tuple[object, ...]:
    return tuple(getattr(item, name) for name in COLUMNS)
