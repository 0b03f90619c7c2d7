"""A service that counts: one table, one route, one reaction, one job of each kind."""

from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, UploadFile
from pydantic import BaseModel
from pydantic_settings import SettingsConfigDict
from sqlalchemy import Column, Integer, Table, Text, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.auth.principal import Principal
from chassis.bus.reactions import Reactions
from chassis.db.base import metadata
from chassis.db.tables import chassis_tables
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Event, Fact
from chassis.http.dependencies import Read, Tx, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Conflict
from chassis.ops.settings import ServiceSettings
from chassis.service import Service
from chassis.timer import Jobs

meta = metadata()
chassis_tables(meta)
counters = Table("counters", meta, Column("name", Text, primary_key=True), Column("value", Integer, nullable=False))
router = APIRouter(tags=["counters"])
reactions = Reactions("shop")
jobs = Jobs()


class Settings(ServiceSettings):
    """Nothing of its own."""

    model_config = SettingsConfigDict(env_prefix="SAMPLE_")


class Counted(Event):
    """A counter was raised."""

    event_type: ClassVar[str] = "sample.counter.raised.v1"
    subject_field: ClassVar[str] = "name"

    name: str
    value: int


class Raise(Fact):
    """The wish of another service."""

    name: str
    fail: bool = False


class TooHigh(Conflict):
    """The counter is at its end."""

    code, title = "counter-too-high", "The counter is at its end"


class Counter(BaseModel):
    """A counter and its value."""

    name: str
    value: int


async def raise_counter(tx: Transaction, name: str) -> int:
    """Add one; the new value."""
    statement = (
        insert(counters)
        .values(name=name, value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
        .returning(counters.c.value)
    )
    value = await tx.scalar(statement)
    tx.emit(Counted(name=name, value=value))
    tx.hint("counters", [name])
    return value


@router.post("/counters/{name}/raise", responses=problems(TooHigh))
async def raise_one(principal: Annotated[Principal, requires("counters:write")], tx: Tx, name: str) -> Counter:
    """Add one to the counter."""
    value = await raise_counter(tx, name)
    if value > 1000:
        raise TooHigh("No further.")
    return Counter(name=name, value=value)


@router.post("/counters/{name}/break")
async def break_one(principal: Annotated[Principal, requires("counters:write")], tx: Tx, name: str) -> Counter:
    """Fail at commit: the second row violates the key."""
    await raise_counter(tx, name)
    tx.schedule("unknown.kind", key="x", due_at=None)  # type: ignore[arg-type]
    return Counter(name=name, value=0)


@router.post("/counters/load")
async def load_counter(
    principal: Annotated[Principal, requires("counters:write")], tx: Tx, file: UploadFile
) -> Counter:
    """Raise the counter that the file names."""
    name = (await file.read()).decode()
    return Counter(name=name, value=await raise_counter(tx, name))


@router.get("/counters")
async def list_counters(
    principal: Annotated[Principal, requires("counters:read")], reader: Read, page: PageQuery
) -> Page[Counter]:
    """All counters by name."""
    return await page_of(
        reader,
        select(counters),
        page,
        order_by=[counters.c.name],
        convert=lambda row: Counter(name=row.name, value=row.value),
    )


@reactions.on("shop.counter.wished.v1", Raise)
async def on_wish(tx: Transaction, fact: Raise, envelope: Envelope) -> None:
    """Raise as wished; `fail` breaks after the effect."""
    await raise_counter(tx, fact.name)
    if fact.fail:
        raise RuntimeError("as wished")


@jobs.on("counter.raise")
async def raise_when_due(tx: Transaction, payload: dict[str, Any]) -> None:
    """Raise at a time."""
    await raise_counter(tx, payload["name"])


@jobs.io("counter.call")
async def call_when_due(runtime: Any, payload: dict[str, Any]) -> None:
    """Raise in a transaction of its own, as outside work does."""
    async with runtime.database.transaction() as tx:
        await tx.execute(update(counters).where(counters.c.name == payload["name"]).values(value=99))


service = Service(
    name="sample",
    title="Sample",
    description="Counts.",
    package="tests.chassis.sample",
    settings=Settings,
    metadata=meta,
    routers=[router],
    reactions=[reactions],
    jobs=[jobs],
    events=[Counted],
)
