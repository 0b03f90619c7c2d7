"""Work that nobody schedules: each sweep looks now and then, or when it is roused, whether there is something to do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import TextClause, text

from chassis.db.transaction import Database
from chassis.ops import context
from chassis.ops.logging import get_logger

log = get_logger(__name__)

TAKE_IF_FREE = text("SELECT pg_try_advisory_lock(hashtext(:name))")
TAKE_TURN = text("SELECT pg_advisory_lock(hashtext(:name))")
GIVE_BACK = text("SELECT pg_advisory_unlock(hashtext(:name))")

Sweep = Callable[[Any], Awaitable[None]]


class Sweeps:
    """The sweeps of one service, by name, each with the seconds between two looks; one process at a time looks."""

    def __init__(self, database: Database, known: Mapping[str, tuple[float, Sweep]], runtime: Any) -> None:
        self._database = database
        self._known = known
        self._runtime = runtime
        self._roused = {name: asyncio.Event() for name in known}

    def rouse(self, names: Iterable[str]) -> None:
        """These have something to do at once."""
        for name in names:
            self._roused[name].set()

    def start(self) -> list[asyncio.Task[None]]:
        """Let all of them look for ever; the caller cancels them."""
        return [asyncio.create_task(self._look_for_ever(name, *spec)) for name, spec in self._known.items()]

    async def run_once(self) -> None:
        """Run each once, after whoever is at it: afterwards all that was due before the call is done."""
        for name, (_, run) in self._known.items():
            await self._look(name, run, TAKE_TURN)

    async def _look_for_ever(self, name: str, seconds: float, run: Sweep) -> None:
        while True:
            self._roused[name].clear()
            try:
                await self._look(name, run)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("sweep.failed", sweep=name, reason=repr(error)[:500])
            await rest(self._roused[name], seconds)

    async def _look(self, name: str, run: Sweep, take: TextClause = TAKE_IF_FREE) -> None:
        context.begin(actor=f"system:{name}")
        async with self._database.read() as reader:
            lock = {"name": f"sweep:{name}"}
            if await reader.scalar(take, lock) is False:
                return
            try:
                await run(self._runtime)
            finally:
                await reader.execute(GIVE_BACK, lock)


async def rest(woken: asyncio.Event, seconds: float) -> None:
    """Until somebody wakes us, also who did since we last looked, or the time is over."""
    try:
        await asyncio.wait_for(woken.wait(), seconds)
    except TimeoutError:
        return
