"""Reports over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from chassis.http.dependencies import Read
from licensing.access.scopes import LicenseReader, asked_organization
from licensing.reports.schemas import SeatUsageReport
from licensing.reports.seat_usage import COLUMNS, seat_usage
from licensing.spreadsheets.write import csv_response, wants_csv

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
    request: Request,
    organization: Annotated[str | None, Query(description="For operators: only this organization's.")] = None,
    product: str | None = None,
) -> SeatUsageReport | Response:
    """How many seats are bought, held and still waiting; `Accept: text/csv` for a table."""
    report = await seat_usage(reader, organization_id=asked_organization(principal, organization), product=product)
    if wants_csv(request):
        rows = [tuple(getattr(item, column) for column in COLUMNS) for item in report.items]
        return csv_response(COLUMNS, rows, name="seat-usage.csv")
    return report
