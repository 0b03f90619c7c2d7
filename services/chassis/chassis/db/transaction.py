"""The only place that commits. Events and jobs of a transaction are stored with its changes, or not at all."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import CursorResult, Executable, MetaData, Row, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chassis.db.tables import ChassisTables, chassis_tables
from chassis.facts import Event
from chassis.kernel.clock import Clock
from chassis.kernel.ids import new_id, uuid7
from chassis.ops import context

Params = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Collected = tuple[list[Any], list[Any], list[Any], list[Any]]
Hint = tuple[str, str]

NEXT_SEQUENCES = text(
    "INSERT INTO event_sequences AS s (subject, last) "
    "SELECT subject, amount FROM unnest(CAST(:subjects AS text[]), CAST(:amounts AS bigint[])) "
    "AS wanted(subject, amount) ORDER BY subject "
    "ON CONFLICT (subject) DO UPDATE SET last = s.last + excluded.last RETURNING subject, last"
)


@dataclass(frozen=True, slots=True)
class _News:
    """An event that waits for its transaction, with who and what brought it about."""

    event: Event
    happened_at: datetime
    actor: str
    traceparent: str
    correlation_id: str


class Reader:
    """Statements on one connection, with the business time beside them."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self.connection = connection
        self.clock = clock

    @property
    def now(self) -> datetime:
        """The present instant of business time (UTC)."""
        return self.clock.now()

    async def execute(self, statement: Executable, params: Params = None) -> CursorResult[Any]:
        """Run a statement."""
        return await self.connection.execute(statement, params)  # type: ignore[arg-type]

    async def all(self, statement: Executable, params: Params = None) -> list[Row[Any]]:
        """Every row."""
        return list((await self.execute(statement, params)).all())

    async def first(self, statement: Executable, params: Params = None) -> Row[Any] | None:
        """The first row, or None."""
        return (await self.execute(statement, params)).first()

    async def one(self, statement: Executable, params: Params = None) -> Row[Any]:
        """The one row there must be."""
        return (await self.execute(statement, params)).one()

    async def scalar(self, statement: Executable, params: Params = None) -> Any:
        """The first column of the first row, or None."""
        return (await self.execute(statement, params)).scalar()


class Transaction(Reader):
    """A unit of work: what it changed, and what others shall learn of it."""

    def __init__(
        self, connection: AsyncConnection, clock: Clock, tables: ChassisTables, source: str, actor: str | None
    ) -> None:
        super().__init__(connection, clock)
        self._tables = tables
        self._source = source
        self._actor = actor
        self._events: list[_News] = []
        self._jobs: list[dict[str, Any]] = []
        self._after_commit: list[Callable[[], Any]] = []
        self.hints: list[Hint] = []
        self.roused: set[str] = set()
        self.has_events = False
        self.has_jobs = False

    @property
    def actor(self) -> str:
        """Who acts: as given, else whoever the work at hand turns out to be for (a route's token is read later)."""
        return self._actor or context.current().actor

    @actor.setter
    def actor(self, actor: str) -> None:
        self._actor = actor

    def emit(self, event: Event) -> None:
        """Tell the other services, once this transaction is committed."""
        work = context.current()
        self._events.append(_News(event, self.now, self.actor, work.traceparent, work.request_id))

    def schedule(
        self,
        kind: str,
        *,
        key: str,
        due_at: datetime,
        payload: Mapping[str, Any] | None = None,
        not_after: datetime | None = None,
        group: str | None = None,
    ) -> None:
        """Have a job of `kind` run at `due_at` (business time); a second one with the same key is dropped."""
        self._jobs.append(
            {
                "id": new_id("job"),
                "kind": kind,
                "key": key,
                "group": group,
                "due_at": due_at,
                "not_after": not_after,
                "payload": dict(payload or {}),
            }
        )

    def is_scheduled(self, kind: str) -> bool:
        """Whether this transaction has a job of `kind` run."""
        return any(job["kind"] == kind for job in self._jobs)

    async def cancel_jobs(self, group: str) -> None:
        """Call off the jobs of `group` that have not begun."""
        self._jobs = [job for job in self._jobs if job["group"] != group]
        jobs = self._tables.jobs
        await self.execute(
            update(jobs)
            .where(jobs.c.group == group, jobs.c.state == "pending")
            .values(state="cancelled", finished_at=self.now)
        )

    def after_commit(self, action: Callable[[], Any]) -> None:
        """Run `action` (quick, in memory) when the changes are durable, never when they are not."""
        self._after_commit.append(action)

    def hint(self, topic: str, ids: Iterable[str]) -> None:
        """Tell whoever listens at that moment, after the commit, that something about these ids may be different.

        A hint may be lost, and says nothing by itself: who needs certainty looks again now and then anyhow.
        """
        self.hints += [(topic, each) for each in ids]

    def rouse(self, sweep: str) -> None:
        """Have this process's sweep of that name look after the commit, without waiting for its turn."""
        self.roused.add(sweep)

    async def flush(self) -> None:
        """Write the events and jobs collected so far into this transaction."""
        events, self._events = self._events, []
        jobs, self._jobs = self._jobs, []
        if events:
            self.has_events = True
            await self._store_events(events)
        if jobs:
            self.has_jobs = True
            await self.execute(insert(self._tables.jobs).on_conflict_do_nothing(), jobs)

    def mark(self) -> Collected:
        """What was collected so far, to return to when a savepoint is rolled back."""
        return list(self._events), list(self._jobs), list(self._after_commit), list(self.hints)

    def return_to(self, mark: Collected) -> None:
        """Forget what was collected since `mark`, and know again what was written inside the savepoint meanwhile."""
        self._events, self._jobs, self._after_commit, self.hints = (list(part) for part in mark)  # type: ignore[assignment]

    def committed(self) -> None:
        """Run what waited for the commit."""
        for action in self._after_commit:
            action()

    async def _store_events(self, news: list[_News]) -> None:
        amounts: dict[str, int] = {}
        for item in news:
            amounts[item.event.subject] = amounts.get(item.event.subject, 0) + 1
        params = {"subjects": sorted(amounts), "amounts": [amounts[s] for s in sorted(amounts)]}
        last = {row.subject: row.last for row in await self.all(NEXT_SEQUENCES, params)}
        counters = {subject: last[subject] - amount for subject, amount in amounts.items()}
        rows = []
        for item in news:
            counters[item.event.subject] += 1
            rows.append(self._outbox_row(item, counters[item.event.subject]))
        await self.execute(insert(self._tables.outbox), rows)

    def _outbox_row(self, news: _News, sequence: int) -> dict[str, Any]:
        event = news.event
        event_id = str(uuid7())
        envelope = {
            "specversion": "1.0",
            "id": event_id,
            "source": self._source,
            "type": event.event_type,
            "subject": event.subject,
            "time": news.happened_at.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "sequence": sequence,
            "traceparent": news.traceparent,
            "correlationid": news.correlation_id,
            "actor": news.actor,
            "data": event.model_dump(mode="json"),
        }
        return {
            "id": event_id,
            "type": event.event_type,
            "subject": event.subject,
            "sequence": sequence,
            "envelope": orjson.dumps(envelope),
        }


class Database:
    """A service's own database."""

    def __init__(self, url: str, *, metadata: MetaData, service: str, clock: Clock, pool_size: int = 6) -> None:
        self.tables = chassis_tables(metadata)
        self.clock = clock
        self.service = service
        self.engine: AsyncEngine = _engine(url, service, pool_size)
        self._reading: AsyncEngine = _engine(
            url,
            service,
            pool_size,
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
            skip_autocommit_rollback=True,
        )
        self.on_events: Callable[[], Any] = lambda: None
        self.on_jobs: Callable[[], Any] = lambda: None
        self.on_hints: Callable[[list[Hint]], Any] = lambda hints: None
        self.on_rousing: Callable[[set[str]], Any] = lambda sweeps: None

    @asynccontextmanager
    async def transaction(self, actor: str | None = None) -> AsyncIterator[Transaction]:
        """A transaction that commits at the end of the block and rolls back on any exception."""
        async with self.engine.connect() as connection:
            tx = Transaction(connection, self.clock, self.tables, f"/{self.service}", actor)
            async with connection.begin():
                yield tx
                await tx.flush()
                await self._mark_effect(tx)
            tx.committed()
        if tx.has_events:
            self.on_events()
        if tx.has_jobs:
            self.on_jobs()
        if tx.hints:
            self.on_hints(tx.hints)
        if tx.roused:
            self.on_rousing(tx.roused)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reader]:
        """A connection for reading only: each statement is its own round trip, no transaction around it."""
        async with self._reading.connect() as connection:
            yield Reader(connection, self.clock)

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
        await self._reading.dispose()

    async def _mark_effect(self, tx: Transaction) -> None:
        """Remember with the effect itself that the request's Idempotency-Key has had its effect."""
        owner_and_key = context.current().idempotency_key
        if owner_and_key is None:
            return
        keys = self.tables.idempotency_keys
        await tx.execute(
            update(keys)
            .where(keys.c.owner == owner_and_key[0], keys.c.key == owner_and_key[1])
            .values(effect_at=tx.now)
        )


def _engine(url: str, service: str, pool_size: int, **options: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_use_lifo=True,  # the connection used last has its statements prepared
        pool_timeout=10,
        json_serializer=lambda value: orjson.dumps(value, default=str).decode(),
        json_deserializer=orjson.loads,
        hide_parameters=True,  # an error tells its statement, not the people and digests in it
        connect_args={
            "command_timeout": 60,
            "server_settings": {
                "application_name": service,
                "idle_in_transaction_session_timeout": "60000",
                "lock_timeout": "10000",
                "timezone": "UTC",
            },
        },
        **options,
    )
