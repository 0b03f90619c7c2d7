"""Routes of waves, for operators."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery
from chassis.http.problems import problems
from shop.transfers.errors import UnusableWave, WaveNotFound, WaveNotReady
from shop.transfers.policy import policy_of
from shop.transfers.waves import check_router, presentation, reports_router, steps, store
from shop.transfers.waves.change import change
from shop.transfers.waves.confirm_release import confirm_release
from shop.transfers.waves.create import create
from shop.transfers.waves.schemas import ChangeTransferWave, CreateTransferWave, TransferWave

router = APIRouter(prefix="/transfer-waves", tags=["transfer"])

Operator = Annotated[Principal, requires("operator:write")]
Reading = Annotated[Principal, requires("operator:read", "operator:write")]


@router.post("", status_code=201, response_model=TransferWave, responses=problems(UnusableWave))
async def create_transfer_wave(
    principal: Operator, runtime: Run, tx: Tx, wanted: CreateTransferWave, response: Response
) -> TransferWave:
    """Plan a wave: who moves on which date. It is a draft until it is scheduled; a customer is in one wave only."""
    wave_id = await create(tx, wanted, policy_of(runtime))
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
    runtime: Run,
    tx: Tx,
    wave_id: str,
    wanted: ChangeTransferWave,
    request: Request,
    response: Response,
) -> TransferWave:
    """Change name, customers (while a draft), date or safety window. A new date is told at once to who knew the old."""
    wave = await store.lock(tx, wave_id)
    check_if_match(request, etag_of(wave.id, wave.version))
    await change(tx, wave, wanted, policy_of(runtime))
    return await _shown(tx, wave_id, response)


@router.delete("/{wave_id}", status_code=204, responses=problems(WaveNotFound, WaveNotReady))
async def delete_transfer_wave(principal: Operator, tx: Tx, wave_id: str) -> None:
    """Remove a wave that never sent anything."""
    await steps.delete(tx, wave_id)


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
    """Stop at once: from this answer on nothing is sent and nobody moves until the wave is resumed.

    Who has moved already stays moved; who has not is exactly as before.
    """
    await steps.pause(tx, wave_id)
    return await _shown(tx, wave_id, response)


@router.post("/{wave_id}/resume", response_model=TransferWave, responses=problems(WaveNotFound, WaveNotReady))
async def resume_transfer_wave(principal: Operator, tx: Tx, wave_id: str, response: Response) -> TransferWave:
    """Go on: what fell due meanwhile is done now; a reminder only while its transfer is still to come.

    Who should have moved on a day that is over moves today. Who has a subscription that the old shop has renewed
    meanwhile fails with `renews_before_transfer`, until an export tells of the renewal.
    """
    await steps.resume(tx, wave_id)
    return await _shown(tx, wave_id, response)


@router.post("/{wave_id}/cancel", response_model=TransferWave, responses=problems(WaveNotFound, WaveNotReady))
async def cancel_transfer_wave(principal: Operator, tx: Tx, wave_id: str, response: Response) -> TransferWave:
    """Call the wave off: nobody else is told anything or moves, and everybody who has not is free for another wave.

    Who has moved stays moved, and is reminded to activate the account like everybody else; `POST
    /transfers/{id}/roll-back` puts them back. The release list asks the old shop to go on billing whom it was asked to
    release and who has not moved.
    """
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


async def _shown(reader: Reader, wave_id: str, response: Response) -> TransferWave:
    wave = await presentation.shown(reader, wave_id)
    row = await store.find(reader, wave_id)
    response.headers["ETag"] = etag_of(row.id, row.version)
    return wave


router.include_router(check_router.router)
router.include_router(reports_router.router)
