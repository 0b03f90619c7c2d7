"""What a service does when others speak: one event at a time, or all of one type that came together."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.ops import context

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Heard(Generic[F]):
    """An event as its reader sees it."""

    fact: F
    envelope: Envelope

    @property
    def actor(self) -> str:
        """Who brought it about; the event itself when that is not told."""
        return self.envelope.actor or self.envelope.type

    def begin(self, tx: Transaction) -> None:
        """What is emitted and logged from now on belongs to the request that this event came from."""
        context.begin(self.envelope.correlationid or "", self.envelope.traceparent or "", actor=self.envelope.type)
        tx.actor = self.actor


Handler = Callable[[Transaction, Any, Envelope], Awaitable[None]]
ManyHandler = Callable[[Transaction, list[Heard[Any]]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a service does when one type of event arrives."""

    model: type[Fact]
    handle: ManyHandler

    def read(self, envelope: Envelope) -> Heard[Any]:
        """The event with the fields that this reaction cares about; `ValidationError` when it lacks them."""
        return Heard(self.model.model_validate(envelope.data), envelope)


class Reactions:
    """A service's reactions to one publisher's events."""

    def __init__(self, publisher: str) -> None:
        self.publisher = publisher
        self.by_type: dict[str, Reaction] = {}

    def on(self, event_type: str, model: type[Fact]) -> Callable[[Handler], Handler]:
        """Register the decorated coroutine for `event_type`; it gets the transaction, the fact and the envelope."""

        def register(handle: Handler) -> Handler:
            self.add(event_type, Reaction(model, _one_by_one(handle)))
            return handle

        return register

    def on_many(self, event_type: str, model: type[Fact]) -> Callable[[ManyHandler], ManyHandler]:
        """Register the decorated coroutine for all events of `event_type` that arrive together, in their order.

        For reactions to what comes by the thousand: their statements are set-based. It calls `begin` of an event before
        it emits on its behalf. A list of one must do as well: that is how a batch that failed is taken again.
        """

        def register(handle: ManyHandler) -> ManyHandler:
            self.add(event_type, Reaction(model, handle))
            return handle

        return register

    def add(self, event_type: str, reaction: Reaction) -> None:
        """Have the reaction; one for each type."""
        if event_type in self.by_type:
            raise ValueError(f"Two reactions to {event_type} in one list.")
        self.by_type[event_type] = reaction


def in_runs(heard: Iterable[Heard[Any]]) -> Iterator[dict[str, list[Heard[Any]]]]:
    """The events by type, types in the order in which they came, without changing the order of any subject's events.

    A run ends before an event whose type had its place before that of an earlier event of the same subject.
    """
    run: dict[str, list[Heard[Any]]] = {}
    places: dict[str, int] = {}
    reached: dict[str, int] = {}
    for one in heard:
        event_type, subject = one.envelope.type, one.envelope.subject
        if places.get(event_type, len(places)) < reached.get(subject, 0):
            yield run
            run, places, reached = {}, {}, {}
        reached[subject] = places.setdefault(event_type, len(places))
        run.setdefault(event_type, []).append(one)
    if run:
        yield run


def _one_by_one(handle: Handler) -> ManyHandler:
    async def handle_each(tx: Transaction, heard: list[Heard[Any]]) -> None:
        for one in heard:
            one.begin(tx)
            await handle(tx, one.fact, one.envelope)

    return handle_each
