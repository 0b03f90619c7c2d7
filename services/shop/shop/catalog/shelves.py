"""The catalogue in memory, and the answers about it as ready bytes; a change is seen by the next request."""

from collections.abc import Callable
from dataclasses import dataclass

from chassis.db.transaction import Database
from shop.catalog.queries import CatalogSnapshot, snapshot


@dataclass(frozen=True, slots=True)
class Answer:
    """A ready JSON body and its entity tag."""

    body: bytes
    etag: str


class Shelves:
    """Keeps the snapshot and the answers made of it until `forget` is called after a change is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._snapshot: CatalogSnapshot | None = None
        self._answers: dict[tuple[object, ...], Answer] = {}
        self._generation = 0

    def forget(self) -> None:
        """The catalogue has changed: read it again at the next question."""
        self._generation += 1
        self._snapshot = None
        self._answers = {}

    async def snapshot(self) -> CatalogSnapshot:
        """The catalogue as it is now."""
        if self._snapshot is not None:
            return self._snapshot
        generation = self._generation
        async with self._database.read() as reader:
            found = await snapshot(reader)
        if generation == self._generation:
            self._snapshot = found
        return found

    async def answer(self, key: tuple[object, ...], make: Callable[[CatalogSnapshot], Answer]) -> Answer:
        """The answer kept under `key`, made of the snapshot when it is new. `key` names everything it depends on."""
        known = self._answers.get(key)
        if known is not None:
            return known
        generation = self._generation
        made = make(await self.snapshot())
        if generation == self._generation and len(self._answers) < 10_000:
            self._answers[key] = made
        return made
