"""Routes of waves, for operators."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery, decode_cursor, encode_cursor
from chassis.http.problems import problems
from shop.transfers.csv_answers import csv_answer, wants_csv
from shop.transfers.dry_run.schemas import CheckedCustomer, WaveCheck
from shop.transfers.errors import UnusableWave, WaveNotFound, WaveNotReady
from shop.transfers.evaluate import read_world
from shop.transfers.policy import policy_of
from shop.transfers.reports.follow_up import follow_up_of
from shop.transfers.reports.reconcile import reconcile
from shop.transfers.reports.release_list import release_rows
from shop.transfers.reports.schemas import CSV_COLUMNS, FollowUp, Reconciliation, csv_rows
from shop.transfers.waves import presentation, steps, store
from shop.transfers.waves.change import change
from shop.transfers.waves.check import check, checked_page
from shop.transfers.waves.confirm_release import confirm_release
from shop.transfers.waves.create import create
from shop.transfers.waves.remember import remember
from shop.transfers.waves.schemas import ChangeTransferWave, CreateTransferWave, TransferWave

router = APIRouter(prefix="/transfer-waves", tags=["transfer"])

Operator = Annotated[Principal, requires("operator:write")]
Reading = Annotated[Principal, requires("operator:read", "operator:write")]
CSV = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
SHOWN_AT_ONCE = 200


@router.post("", status_code=201, response_model=TransferWave, responses=problems(UnusableWave))
async def create_transfer_wave(
    principal: Operator, tx: Tx, wanted: CreateTransferWave, response: Response
) -> TransferWave:
    """Plan a wave: who moves on which date. It is a draft until it is scheduled; a customer is in one wave only."""
    wave_id = await create(tx, wanted)
    response.headers["Location"] = f"/api/v1/transfer-waves/{wave_id}"
    return await _shown(tx, wave_id, response)


@router.get("", response_model=Page[TransferWave])
async def list_transfer_waves(
    principal: Reading,
    reader: Read,
    params: PageQuery,
    state: Annotated[
        Literal["draft", "scheduled", "running", "paused", "completed", "cancelled"] | None, Query()
    ] = None,
) -> Page[TransferWave]:
    """The waves, the newest first, each with its counts and its funnel."""
    return await presentation.page(reader, params, state=state)


@router.get("/{wave_id}", response_model=TransferWave, responses=problems(WaveNotFound))
async def get_transfer_wave(principal: Reading, reader: Read, wave_id: str, response: Response) -> TransferWave:
    """One wave with its customers by state and its funnel."""
    return await _shown(reader, wave_id, response)


@router.patch(
    "/{wave_id}",
    response_model=TransferWave,
    responses=problems(WaveNotFound, WaveNotReady, UnusableWave),
)
async def change_transfer_wave(
    principal: Operator,
    tx: Tx,
    wave_id: str,
    wanted: ChangeTransferWave,
    request: Request,
    response: Response,
) -> TransferWave:
    """Change name, customers (while a draft) or date. A new date is announced at once to whoever was told the old."""
    wave = await store.lock(tx, wave_id)
    check_if_match(request, etag_of(wave.id, wave.version))
    await change(tx, wave, wanted)
    return await _shown(tx, wave_id, response)


@router.delete("/{wave_id}", status_code=204, responses=problems(WaveNotFound, WaveNotReady))
async def delete_transfer_wave(principal: Operator, tx: Tx, wave_id: str) -> None:
    """Remove a wave that never sent anything."""
    await steps.delete(tx, wave_id)


@router.post("/{wave_id}/check", response_model=WaveCheck, responses=problems(WaveNotFound))
async def check_transfer_wave(principal: Operator, runtime: Run, wave_id: str) -> WaveCheck:
    """Dry run: per customer and in total, what moves, what stays and why, what blocks and who must act.

    Nothing is changed; the next charge of every subscription is told before and after, with date, amount and
    payment method. The same rules decide on the day itself.
    """
    async with runtime.database.read() as reader:
        wave = await store.find(reader, wave_id)
        world = await read_world(reader, policy_of(runtime).providers)
        checked = await check(reader, wave, world, shown=SHOWN_AT_ONCE)
    summary = checked.summary.as_dict()
    async with runtime.database.transaction(actor=principal.actor) as tx:
        await remember(tx, wave, summary)
    return WaveCheck(
        wave_id=wave_id,
        transfer_on=wave.transfer_on,
        checked_at=runtime.clock.now(),
        summary=summary,
        money=checked.money,
        customers=checked.customers,
        next_cursor=encode_cursor(checked.last_shown) if checked.has_more else None,
    )


@router.get("/{wave_id}/customers", response_model=Page[CheckedCustomer], responses=problems(WaveNotFound))
async def list_wave_customers(
    principal: Reading, runtime: Run, reader: Read, wave_id: str, params: PageQuery
) -> Page[CheckedCustomer]:
    """The dry run's answer customer by customer, as the rules decide at this moment."""
    await store.find(reader, wave_id)
    after = decode_cursor(params.cursor, 1)[0] if params.cursor else ""
    world = await read_world(reader, policy_of(runtime).providers)
    customers, last = await checked_page(reader, wave_id, world, after=after, limit=params.limit)
    return Page(items=customers, next_cursor=encode_cursor(last) if last else None)


@router.post(
    "/{wave_id}/schedule",
    response_model=TransferWave,
    responses=problems(WaveNotFound, WaveNotReady, UnusableWave),
)
async def schedule_transfer_wave(principal: Operator, tx: Tx, wave_id: str, response: Response) -> TransferWave:
    """Let the campaign begin: announced two weeks before, or at once on short notice; moved on the day."""
    await steps.schedule(tx, wave_id)
    return await _shown(tx, wave_id, response)


@router.post(
    "/{wave_id}/start",
    response_model=TransferWave,
    responses=problems(WaveNotFound, WaveNotReady, UnusableWave),
)
async def start_transfer_wave(principal: Operator, tx: Tx, wave_id: str, response: Response) -> TransferWave:
    """Let the wave run, scheduling it if need be. Nobody moves before the announced day in their time zone."""
    await steps.start(tx, wave_id)
    return await _shown(tx, wave_id, response)


@router.post("/{wave_id}/pause", response_model=TransferWave, responses=problems(WaveNotFound, WaveNotReady))
async def pause_transfer_wave(principal: Operator, tx: Tx, wave_id: str, response: Response) -> TransferWave:
    """Stop at once: nothing is sent and nobody moves until the wave is resumed."""
    await steps.pause(tx, wave_id)
    return await _shown(tx, wave_id, response)


@router.post("/{wave_id}/resume", response_model=TransferWave, responses=problems(WaveNotFound, WaveNotReady))
async def resume_transfer_wave(principal: Operator, tx: Tx, wave_id: str, response: Response) -> TransferWave:
    """Go on: what fell due meanwhile is done now; a reminder only while its transfer is still to come."""
    await steps.resume(tx, wave_id)
    return await _shown(tx, wave_id, response)


@router.post("/{wave_id}/cancel", response_model=TransferWave, responses=problems(WaveNotFound, WaveNotReady))
async def cancel_transfer_wave(principal: Operator, tx: Tx, wave_id: str, response: Response) -> TransferWave:
    """Call the wave off: it sends nothing more. Who has moved stays moved; everybody else is free for another wave."""
    await steps.cancel(tx, wave_id)
    return await _shown(tx, wave_id, response)


@router.post(
    "/{wave_id}/confirm-release",
    response_model=TransferWave,
    responses=problems(WaveNotFound, WaveNotReady),
)
async def confirm_wave_release(
    principal: Operator, runtime: Run, tx: Tx, wave_id: str, response: Response
) -> TransferWave:
    """Confirm that the old shop has stopped billing what the release list names: those customers move now."""
    await confirm_release(tx, wave_id, policy_of(runtime))
    return await _shown(tx, wave_id, response)


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


@router.get("/{wave_id}/follow-up", response_model=Page[FollowUp], responses=problems(WaveNotFound))
async def list_follow_up(principal: Reading, reader: Read, wave_id: str, params: PageQuery) -> Page[FollowUp]:
    """Who needs a hand after the transfer: not activated, method expiring before renewal, seats waiting, and so on."""
    await store.find(reader, wave_id)
    return await follow_up_of(reader, wave_id, params)


async def _shown(reader: Reader, wave_id: str, response: Response) -> TransferWave:
    wave = await presentation.shown(reader, wave_id)
    row = await store.find(reader, wave_id)
    response.headers["ETag"] = etag_of(row.id, row.version)
    return wave
