"""Tell what a batch of events brought about, each on behalf of the event that did."""

from collections.abc import Sequence
from typing import Any

from chassis.bus.reactions import Heard
from chassis.db.transaction import Transaction
from chassis.facts import Event


def tell(tx: Transaction, heard: Sequence[Heard[Any]], news: Sequence[Sequence[Event]]) -> None:
    """Emit the news of each event heard, as part of the request that it came from."""
    for one, events in zip(heard, news, strict=True):
        if events:
            one.begin(tx)
        for event in events:
            tx.emit(event)
