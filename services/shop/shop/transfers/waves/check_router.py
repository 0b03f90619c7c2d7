"""Routes of the dry run of a wave, for operators."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Response

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, requires
from chassis.http.json import JsonResponse
from chassis.http.pages import Page, PageQuery, decode_cursor, encode_cursor
from chassis.http.problems import problems
from shop.transfers.dry_run.schemas import CheckedCustomer, WaveCheck
from shop.transfers.errors import WaveNotChecked, WaveNotFound
from shop.transfers.evaluate import read_world
from shop.transfers.policy import policy_of
from shop.transfers.waves import presentation, store
from shop.transfers.waves.check import check, checked_page
from shop.transfers.waves.check_later import ask
from shop.transfers.waves.remember import remember
from shop.transfers.waves.schemas import CheckProgress

router = APIRouter()

Operator = Annotated[Principal, requires("operator:write")]
Reading = Annotated[Principal, requires("operator:read", "operator:write")]
UNDER_WAY: dict[int | str, dict[str, Any]] = {
    202: {"model": CheckProgress, "description": "Under way; the progress is at `GET /transfer-waves/{id}`"}
}
SHOWN_AT_ONCE = 200


@router.post("/{wave_id}/check", response_model=WaveCheck, responses={**problems(WaveNotFound), **UNDER_WAY})
async def check_transfer_wave(principal: Operator, runtime: Run, wave_id: str) -> Response:
    """Dry run: per customer and in total, what moves, what stays and why, what blocks and who must act.

    Nothing is changed; the next charge of every subscription is told before and after, with date, amount and
    payment method. The same rules decide on the day itself. A wave of more than 2,000 customers (a setting) is
    checked in the background: 202, the progress at `GET /transfer-waves/{id}`, the result at
    `GET /transfer-waves/{id}/check`.
    """
    policy = policy_of(runtime)
    async with runtime.database.read() as reader:
        wave = await store.find(reader, wave_id)
        size = await store.size_of(reader, wave_id)
        if size <= policy.checked_at_once:
            world = await read_world(reader, policy.providers)
            checked = await check(reader, wave, world, shown=SHOWN_AT_ONCE)
    async with runtime.database.transaction(actor=principal.actor) as tx:
        if size > policy.checked_at_once:
            progress = CheckProgress(**await ask(tx, wave_id, customers=size))
            place = {"Location": f"/api/v1/transfer-waves/{wave_id}"}
            return JsonResponse(progress.model_dump(mode="json"), status_code=202, headers=place)
        await remember(tx, wave, checked)
    return await _written(
        wave_id=wave_id,
        transfer_on=wave.transfer_on,
        checked_at=runtime.clock.now(),
        summary=checked.summary.as_dict(),
        money=checked.money,
        customers=checked.customers,
        next_cursor=encode_cursor(checked.last_shown) if checked.has_more else None,
    )


@router.get("/{wave_id}/check", response_model=WaveCheck, responses=problems(WaveNotFound, WaveNotChecked))
async def get_wave_check(principal: Reading, runtime: Run, reader: Read, wave_id: str) -> Response:
    """The totals of the last dry run as they were then; the list of customers begins as the rules decide now."""
    wave = await presentation.shown(reader, wave_id)
    if wave.last_check is None:
        raise WaveNotChecked()
    world = await read_world(reader, policy_of(runtime).providers)
    customers, last = await checked_page(reader, wave_id, world, after="", limit=SHOWN_AT_ONCE)
    kept = wave.last_check
    return await _written(
        wave_id=wave_id,
        transfer_on=kept.transfer_on,
        checked_at=kept.checked_at,
        summary=kept.summary,
        money=kept.money,
        customers=customers,
        next_cursor=encode_cursor(last) if last else None,
    )


@router.get("/{wave_id}/customers", response_model=Page[CheckedCustomer], responses=problems(WaveNotFound))
async def list_wave_customers(
    principal: Reading, runtime: Run, reader: Read, wave_id: str, params: PageQuery
) -> Page[CheckedCustomer]:
    """The dry run's answer customer by customer, as the rules decide at this moment."""
    await store.find(reader, wave_id)
    after = str(decode_cursor(params.cursor, 1)[0]) if params.cursor else ""
    world = await read_world(reader, policy_of(runtime).providers)
    customers, last = await checked_page(reader, wave_id, world, after=after, limit=params.limit)
    return Page(items=customers, next_cursor=encode_cursor(last) if last else None)


async def _written(**content: Any) -> Response:
    """Hundreds of customers in full, written outside the event loop."""
    written = await asyncio.to_thread(lambda: WaveCheck(**content).model_dump_json())
    return Response(written, media_type="application/json")
