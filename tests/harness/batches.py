"""Events that a service receives in one delivery: what a wave brings by the thousand, in the order that a test wants."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import orjson

from chassis.bus.consumer import Consumer
from chassis.bus.reactions import Reactions
from chassis.kernel.ids import uuid7
from tests.harness.service import RunningService


@dataclass(frozen=True)
class Said:
    """An event of another service; delivered again it keeps its id. `at` None: it happened just now."""

    type: str
    subject: str
    data: dict[str, Any]
    sequence: int = 1
    actor: str = "user:acc_somebody"
    id: str = field(default_factory=lambda: str(uuid7()))
    at: datetime | None = None


class Delivery:
    """One message of a delivery, and what the consumer answered."""

    def __init__(self, service: RunningService, said: Said) -> None:
        self.subject = said.type
        self.headers = {"Nats-Msg-Id": said.id}
        self.metadata = SimpleNamespace(num_delivered=1, sequence=SimpleNamespace(stream=1))
        self.answer = ""
        self.data = orjson.dumps(
            {
                "id": said.id,
                "source": f"/{said.type.partition('.')[0]}",
                "type": said.type,
                "subject": said.subject,
                "time": (said.at or service.clock.now()).isoformat(),
                "sequence": said.sequence,
                "correlationid": f"req_{said.id}",
                "actor": said.actor,
                "data": said.data,
            }
        )

    async def ack(self) -> None:
        """It was handled, or had been before."""
        self.answer = "handled"

    async def nak(self, delay: float | None = None) -> None:
        """It shall come again later."""
        self.answer = "retried"

    async def term(self) -> None:
        """It is parked."""
        self.answer = "parked"


async def deliver_together(service: RunningService, said: Sequence[Said]) -> list[str]:
    """Hand over the events of one publisher in one delivery; how each ended: `handled`, `retried` or `parked`."""
    publisher = said[0].type.partition(".")[0]
    deliveries = [Delivery(service, one) for one in said]
    runtime = service.runtime
    consumer = Consumer(runtime.database, runtime.bus, reactions_to(service, publisher))
    await consumer.handle(deliveries)  # type: ignore[arg-type]
    return [delivery.answer for delivery in deliveries]


def reactions_to(service: RunningService, publisher: str) -> Reactions:
    """What the service does when `publisher` speaks."""
    (found,) = (each for each in service.runtime.service.reactions if each.publisher == publisher)
    return found


def in_deliveries(said: Iterable[Said], chance: random.Random) -> Iterator[list[Said]]:
    """The events in deliveries of one to thirty."""
    rest = list(said)
    while rest:
        size = chance.randint(1, 30)
        yield rest[:size]
        rest = rest[size:]
