"""Reactions to other services' events: at least once from the stream, exactly once in effect by the inbox."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any

import orjson
from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, InterfaceError

from chassis.bus.connection import Bus
from chassis.bus.pull import Pull, hand_back
from chassis.bus.reactions import Heard, Reactions, in_runs
from chassis.bus.topology import ensure_durable, ensure_stream, stream_name
from chassis.db.transaction import Database, Transaction
from chassis.facts import Envelope
from chassis.kernel.ids import new_id
from chassis.ops import context, metrics
from chassis.ops.logging import get_logger

log = get_logger(__name__)

RETRY_SECONDS = (1, 5, 15, 60, 300, 900)
PARK_AFTER = 8

REMEMBER = text(
    "INSERT INTO inbox (consumer, event_id) SELECT :consumer, unnest(CAST(:ids AS text[])) "
    "ON CONFLICT DO NOTHING RETURNING event_id"
)


@dataclass(frozen=True)
class Outcome:
    """How one delivery ended."""

    message: Msg
    kind: str
    error: str = ""


class Consumer:
    """Pulls one publisher's events for one service, a batch per transaction, those of one type together.

    Hardly ever does an event fail, so a batch shares one savepoint, which saves two round trips per event. When one
    fails, everything is taken back and each event gets a savepoint of its own.

    `turn` is shared by the consumers of one service: two batches at once that touch the same customers in different
    orders would wait for each other until the database breaks one of them off.
    """

    def __init__(self, database: Database, bus: Bus, reactions: Reactions, turn: asyncio.Lock | None = None) -> None:
        self._turn = turn or asyncio.Lock()
        self._database = database
        self._bus = bus
        self._reactions = reactions
        self.durable = f"{database.service}-{reactions.publisher}"

    async def run(self) -> None:
        """React for ever."""
        while True:
            try:
                await self._follow()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("consumer.begins_again", consumer=self.durable, reason=repr(error)[:200])
                await asyncio.sleep(0.5)

    async def _follow(self) -> None:
        js = self._bus.js
        await ensure_stream(js, self._reactions.publisher)
        await ensure_durable(
            js,
            durable=self.durable,
            publisher=self._reactions.publisher,
            subjects=list(self._reactions.by_type),
        )
        async with Pull(self._bus, stream=stream_name(self._reactions.publisher), consumer=self.durable) as deliveries:
            while True:
                await self._handle_or_hand_back(await deliveries.take())

    async def _handle_or_hand_back(self, messages: list[Msg]) -> None:
        """A batch that is broken off comes again soon; those that were handled after all are known then."""
        try:
            await self.handle(messages)
        except BaseException:
            await hand_back(messages)
            raise

    async def handle(self, messages: list[Msg]) -> None:
        """Handle a batch: commit its effects, then acknowledge."""
        context.begin(actor=f"system:{self.durable}")
        async with self._turn, self._database.transaction() as tx:
            fresh, outcomes = await self._sorted_out(tx, messages)
            outcomes += await self._react_together(tx, fresh) or [await self._react_alone(tx, one) for one in fresh]
        for outcome in outcomes:
            await self._answer(outcome)

    async def _sorted_out(self, tx: Transaction, messages: list[Msg]) -> tuple[list[Msg], list[Outcome]]:
        """The messages to react to, in their order, and what is settled about the others."""
        ids = await self._fresh(tx, messages)
        fresh: list[Msg] = []
        outcomes: list[Outcome] = []
        for message in messages:
            event_id = _event_id(message)
            if event_id not in ids:
                metrics.inbox_duplicates.labels(self.durable).inc()
                outcomes.append(Outcome(message, "duplicate"))
            elif message.subject not in self._reactions.by_type:
                outcomes.append(Outcome(message, "ignored"))
            else:
                fresh.append(message)
            ids.discard(event_id)
        return fresh, outcomes

    async def _fresh(self, tx: Transaction, messages: list[Msg]) -> set[str]:
        """The ids not handled before; they count as handled once this transaction commits."""
        params = {"consumer": self.durable, "ids": sorted({_event_id(message) for message in messages})}
        return set((await tx.execute(REMEMBER, params)).scalars())

    async def _react_together(self, tx: Transaction, messages: list[Msg]) -> list[Outcome]:
        """All reactions in one savepoint; nothing when one of them failed, and then nothing has happened."""
        mark = tx.mark()
        try:
            async with tx.connection.begin_nested():
                for run in in_runs([self._read(message) for message in messages]):
                    for event_type, heard in run.items():
                        await self._reactions.by_type[event_type].handle(tx, heard)
        except Exception as error:
            if _has_lost_connection(error):
                raise
            tx.return_to(mark)
            log.warning("events.taken_one_by_one", consumer=self.durable, reason=repr(error)[:500])
            return []
        return [Outcome(message, "handled") for message in messages]

    async def _react_alone(self, tx: Transaction, message: Msg) -> Outcome:
        mark = tx.mark()
        try:
            async with tx.connection.begin_nested():
                await self._reactions.by_type[message.subject].handle(tx, [self._read(message)])
        except (ValidationError, orjson.JSONDecodeError) as error:
            tx.return_to(mark)
            return await self._park(tx, message, error)
        except Exception as error:
            if _has_lost_connection(error):
                raise
            tx.return_to(mark)
            return await self._retry_or_park(tx, message, error)
        return Outcome(message, "handled")

    def _read(self, message: Msg) -> Heard[Any]:
        return self._reactions.by_type[message.subject].read(Envelope.model_validate(orjson.loads(message.data)))

    async def _retry_or_park(self, tx: Transaction, message: Msg, error: Exception) -> Outcome:
        if message.metadata.num_delivered >= PARK_AFTER:
            return await self._park(tx, message, error)
        inbox = self._database.tables.inbox
        await tx.execute(inbox.delete().where(inbox.c.consumer == self.durable, inbox.c.event_id == _event_id(message)))
        log.warning("event.retried", type=message.subject, event_id=_event_id(message), error=repr(error)[:500])
        return Outcome(message, "retried", repr(error)[:500])

    async def _park(self, tx: Transaction, message: Msg, error: Exception) -> Outcome:
        dead_letters = self._database.tables.dead_letters
        await tx.execute(
            insert(dead_letters)
            .values(
                id=new_id("dlt"),
                consumer=self.durable,
                event_id=_event_id(message),
                type=message.subject,
                subject=_event_field(message, "subject"),
                envelope=message.data,
                error=f"{type(error).__name__}: {error}"[:2000],
                deliveries=message.metadata.num_delivered,
            )
            .on_conflict_do_nothing()
        )
        log.error("event.parked", type=message.subject, event_id=_event_id(message), error=repr(error)[:500])
        return Outcome(message, "parked")

    async def _answer(self, outcome: Outcome) -> None:
        metrics.events_handled.labels(outcome.message.subject, outcome.kind).inc()
        if outcome.kind == "retried":
            tries = min(outcome.message.metadata.num_delivered, len(RETRY_SECONDS))
            delay = RETRY_SECONDS[tries - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
            await outcome.message.nak(delay=delay)
        elif outcome.kind == "parked":
            await outcome.message.term()
        else:
            await outcome.message.ack()


def _event_id(message: Msg) -> str:
    headers = message.headers or {}
    return headers.get("Nats-Msg-Id") or _event_field(message, "id")


def _event_field(message: Msg, name: str) -> str:
    try:
        return str(orjson.loads(message.data)[name])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"unreadable:{message.metadata.sequence.stream}"


def _has_lost_connection(error: Exception) -> bool:
    """Whether nothing more can be done on this connection: the whole batch comes again."""
    return isinstance(error, InterfaceError) or (isinstance(error, DBAPIError) and error.connection_invalidated)
