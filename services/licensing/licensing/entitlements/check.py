"""Answer whether people may use products now."""

import asyncio
from collections.abc import Sequence

from chassis.db.transaction import Database, Reader
from licensing.entitlements import store
from licensing.entitlements.rules import Decision, decide
from licensing.entitlements.store import Question

AT_ONCE = 500


async def check(reader: Reader, questions: Sequence[Question]) -> list[Decision]:
    """A decision per question, from what is committed at this moment."""
    now = reader.now
    return [
        decide(
            found.claims,
            now=now,
            is_known_product=found.is_known_product,
            has_pending_transfer=found.has_pending_transfer,
        )
        for found in await store.evidence(reader, questions)
    ]


class Checker:
    """Checks that arrive at the same time travel to the database together.

    Nothing is remembered between two journeys, so every answer is as fresh as the database when its journey began,
    which is after the question was asked; under load one statement answers many.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Question, asyncio.Future[Decision]]] = []
        self._journey: asyncio.Task[None] | None = None

    async def check(self, question: Question) -> Decision:
        """The decision on one question."""
        answer: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._journey is None:
            self._journey = asyncio.create_task(self._travel())
        return await answer

    async def _travel(self) -> None:
        """Answer until nobody waits; who comes after that begins a journey of their own."""
        try:
            async with self._database.read() as reader:
                while self._waiting:
                    together, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                    await _answer(reader, together)
                self._journey = None
        except Exception as error:
            self._journey = None
            stranded, self._waiting = self._waiting, []
            for _, answer in stranded:
                if not answer.done():
                    answer.set_exception(error)


async def _answer(reader: Reader, together: Sequence[tuple[Question, asyncio.Future[Decision]]]) -> None:
    try:
        decisions = await check(reader, [question for question, _ in together])
    except Exception as error:
        for _, answer in together:
            if not answer.done():
                answer.set_exception(error)
        return
    for (_, answer), decision in zip(together, decisions, strict=True):
        if not answer.done():
            answer.set_result(decision)
