"""Parked events: what a service could not handle after several tries, for an operator to look at, replay or discard."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select, update

from chassis.auth.principal import Principal
from chassis.bus.reactions import Reactions
from chassis.facts import Envelope
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Conflict, NotFound


class ParkedEvent(BaseModel):
    """A foreign event that waits for a decision."""

    id: str
    consumer: str
    event_id: str
    type: str
    subject: str
    error: str
    deliveries: int
    state: str
    parked_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    envelope: Any


class ParkedEventNotFound(NotFound):
    """No parked event has this id."""

    code, title = "parked-event-not-found", "There is no such parked event"


class ParkedEventDecided(Conflict):
    """It was replayed or discarded before."""

    code, title = "parked-event-decided", "This event has been decided about already"


class ReplayFailed(Conflict):
    """The reaction failed again."""

    code, title = "replay-failed", "The event could not be handled this time either"


def parked_router(service_name: str, reactions: list[Reactions]) -> APIRouter:
    """The operator's routes for the parked events of one service."""
    router = APIRouter(prefix=f"/parked-events/{service_name}", tags=["operations"])
    by_durable = {f"{service_name}-{known.publisher}": known for known in reactions}

    @router.get("", operation_id=f"list_parked_events_of_{service_name}")
    async def list_parked_events(
        principal: Annotated[Principal, requires("operator:read")],
        run: Run,
        reader: Read,
        page: PageQuery,
        state: str | None = None,
    ) -> Page[ParkedEvent]:
        """Events that were set aside after repeated failure, oldest first."""
        table = run.database.tables.dead_letters
        statement = select(table)
        if state is not None:
            statement = statement.where(table.c.state == state)
        return await page_of(reader, statement, page, order_by=[table.c.id], convert=_parked)

    @router.post(
        "/{parked_id}/replay",
        operation_id=f"replay_parked_event_of_{service_name}",
        responses=problems(ParkedEventNotFound, ParkedEventDecided, ReplayFailed),
    )
    async def replay_parked_event(
        principal: Annotated[Principal, requires("operator:write")], run: Run, tx: Tx, parked_id: str
    ) -> ParkedEvent:
        """Handle the event again, now; it stays parked when it fails again."""
        row = await _lock_open(tx, run, parked_id)
        reaction = by_durable[row.consumer].by_type.get(row.type)
        if reaction is None:
            raise ReplayFailed("No reaction to this type of event exists any more. Discard it.")
        try:
            async with tx.connection.begin_nested():
                await reaction.handle(tx, [reaction.read(Envelope.model_validate(orjson.loads(row.envelope)))])
                await tx.flush()
        except Exception as error:
            raise ReplayFailed(f"It failed again: {type(error).__name__}: {error}"[:500]) from error
        return await _decide(tx, run, parked_id, "replayed", principal)

    @router.post(
        "/{parked_id}/discard",
        operation_id=f"discard_parked_event_of_{service_name}",
        responses=problems(ParkedEventNotFound, ParkedEventDecided),
    )
    async def discard_parked_event(
        principal: Annotated[Principal, requires("operator:write")], run: Run, tx: Tx, parked_id: str
    ) -> ParkedEvent:
        """Decide that the event needs no reaction."""
        await _lock_open(tx, run, parked_id)
        return await _decide(tx, run, parked_id, "discarded", principal)

    return router


async def _lock_open(tx: Tx, run: Run, parked_id: str) -> Any:
    table = run.database.tables.dead_letters
    row = await tx.first(select(table).where(table.c.id == parked_id).with_for_update())
    if row is None:
        raise ParkedEventNotFound()
    if row.state != "open":
        raise ParkedEventDecided()
    return row


async def _decide(tx: Tx, run: Run, parked_id: str, state: str, principal: Principal) -> ParkedEvent:
    table = run.database.tables.dead_letters
    row = await tx.one(
        update(table)
        .where(table.c.id == parked_id)
        .values(state=state, decided_at=tx.now, decided_by=principal.actor)
        .returning(*table.c)
    )
    return _parked(row)


def _parked(row: Any) -> ParkedEvent:
    try:
        envelope = orjson.loads(row.envelope)
    except orjson.JSONDecodeError:
        envelope = None
    return ParkedEvent(
        envelope=envelope,
        **{name: getattr(row, name) for name in ParkedEvent.model_fields if name != "envelope"},
    )
