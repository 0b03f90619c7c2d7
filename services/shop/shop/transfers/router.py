"""Routes of single transfers and of the customers that can be transferred, for operators."""

from typing import Annotated

from fastapi import APIRouter, Query

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.pages import Page, PageQuery
from chassis.http.problems import problems
from shop.transfers import presentation
from shop.transfers.actions.postpone import postpone
from shop.transfers.actions.retry import retry
from shop.transfers.actions.roll_back import roll_back
from shop.transfers.directory import router as directory
from shop.transfers.errors import (
    TransferCannotBePutBack,
    TransferNotFound,
    TransferNotReady,
    UnusableWave,
)
from shop.transfers.policy import policy_of
from shop.transfers.schemas import (
    PostponeTransfer,
    RollBackTransfer,
    State,
    Transfer,
    TransferWithTimeline,
)

router = APIRouter()
router.include_router(directory.router)

single = APIRouter(prefix="/transfers", tags=["transfer"])

Operator = Annotated[Principal, requires("operator:write")]
Reading = Annotated[Principal, requires("operator:read", "operator:write")]


@single.get("", response_model=Page[Transfer])
async def list_transfers(
    principal: Reading,
    reader: Read,
    params: PageQuery,
    wave: Annotated[str | None, Query(description="Only transfers of this wave.")] = None,
    state: Annotated[State | None, Query(description="Only transfers in this state.")] = None,
    code: Annotated[
        str | None, Query(description="Only transfers blocked, warned about or failed with this code.")
    ] = None,
    customer: Annotated[str | None, Query(description="Only this legacy customer.")] = None,
) -> Page[Transfer]:
    """The transfers of all waves; a customer who was put back and planned again has several."""
    return await presentation.page(reader, params, wave=wave, state=state, code=code, customer=customer)


@single.get("/{transfer_id}", response_model=TransferWithTimeline, responses=problems(TransferNotFound))
async def get_transfer(principal: Reading, reader: Read, transfer_id: str) -> TransferWithTimeline:
    """One transfer with everything that happened to it and what moved."""
    return await presentation.shown(reader, transfer_id)


@single.post(
    "/{transfer_id}/retry",
    response_model=TransferWithTimeline,
    responses=problems(TransferNotFound, TransferNotReady),
)
async def retry_transfer(principal: Operator, runtime: Run, tx: Tx, transfer_id: str) -> TransferWithTimeline:
    """Try a failed or held transfer again, alone, by the facts and rules of now; on or after its day at once."""
    await retry(tx, transfer_id, policy_of(runtime))
    return await presentation.shown(tx, transfer_id)


@single.post(
    "/{transfer_id}/postpone",
    response_model=TransferWithTimeline,
    responses=problems(TransferNotFound, TransferNotReady, UnusableWave),
)
async def postpone_transfer(
    principal: Operator, runtime: Run, tx: Tx, transfer_id: str, wanted: PostponeTransfer | None = None
) -> TransferWithTimeline:
    """Give one customer a later day; if the old one was announced, the new one is told."""
    wanted = wanted or PostponeTransfer()
    await postpone(tx, transfer_id, policy_of(runtime), transfer_on=wanted.transfer_on, reason=wanted.reason)
    return await presentation.shown(tx, transfer_id)


@single.post(
    "/{transfer_id}/roll-back",
    response_model=TransferWithTimeline,
    responses=problems(TransferNotFound, TransferCannotBePutBack),
)
async def roll_back_transfer(
    principal: Operator, tx: Tx, transfer_id: str, wanted: RollBackTransfer | None = None
) -> TransferWithTimeline:
    """Put the customer back into the old shop, until the account is activated or something was bought here."""
    await roll_back(tx, transfer_id, reason=wanted.reason if wanted else None)
    return await presentation.shown(tx, transfer_id)


router.include_router(single)
