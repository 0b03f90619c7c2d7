"""Routes of the reports of a wave, for operators."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from chassis.auth.principal import Principal
from chassis.http.dependencies import Run, requires
from chassis.http.pages import Page, PageQuery
from chassis.http.problems import problems
from shop.transfers.csv_answers import csv_answer, wants_csv
from shop.transfers.errors import WaveNotFound
from shop.transfers.reports.follow_up import follow_up_of, follow_up_rows
from shop.transfers.reports.reconcile import reconcile
from shop.transfers.reports.release_list import release_rows
from shop.transfers.reports.schemas import CSV_COLUMNS, FOLLOW_UP_COLUMNS, FollowUp, Reconciliation, csv_rows
from shop.transfers.waves import store

router = APIRouter()

Reading = Annotated[Principal, requires("operator:read", "operator:write")]
CSV = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/{wave_id}/release-list", responses={**problems(WaveNotFound), **CSV})
async def get_release_list(principal: Reading, runtime: Run, wave_id: str) -> StreamingResponse:
    """The subscriptions that the old shop must stop billing (or bill again, after a roll-back), as CSV."""
    async with runtime.database.read() as reader:
        await store.find(reader, wave_id)
    columns = ("action", "legacy_customer_id", "subscription_id", "number", "fence", "asked_at", "acknowledged_at")
    return csv_answer(columns, release_rows(runtime.database, wave_id), filename=f"release-{wave_id}.csv")


@router.get(
    "/{wave_id}/report",
    response_model=Reconciliation,
    responses={**problems(WaveNotFound), **CSV},
)
async def get_wave_report(
    principal: Reading, runtime: Run, request: Request, wave_id: str
) -> Reconciliation | StreamingResponse:
    """Reconciliation: counts and sums of money on both sides per kind and currency, every difference named.

    `digest` is the SHA-256 of the report's canonical JSON without it. With `Accept: text/csv`: the rows as CSV.
    """
    async with runtime.database.read() as reader:
        wave = await store.find(reader, wave_id)
        report = await reconcile(reader, wave)
    if wants_csv(request):
        return csv_answer(CSV_COLUMNS, csv_rows(report), filename=f"report-{wave_id}.csv")
    return report


@router.get(
    "/{wave_id}/follow-up",
    response_model=Page[FollowUp],
    responses={**problems(WaveNotFound), **CSV},
)
async def list_follow_up(
    principal: Reading, runtime: Run, request: Request, wave_id: str, params: PageQuery
) -> Page[FollowUp] | StreamingResponse:
    """Who needs a hand after the transfer: not activated, card expiring, seats waiting, renewal held, and so on.

    With `Accept: text/csv`: the whole list as CSV.
    """
    async with runtime.database.read() as reader:
        await store.find(reader, wave_id)
        if not wants_csv(request):
            return await follow_up_of(reader, wave_id, params)
    rows = follow_up_rows(runtime.database, wave_id)
    return csv_answer(FOLLOW_UP_COLUMNS, rows, filename=f"follow-up-{wave_id}.csv")
