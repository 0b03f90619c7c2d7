"""Every event that partners may hear becomes a delivery for each endpoint that wants it, in the order of arrival."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy.dialects.postgresql import insert

from chassis.bus.reactions import Heard, Reaction, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.ids import new_id
from notifications.webhooks.models import deliveries
from notifications.webhooks.rules import EVENT_TYPES, TOLD, organization_of
from notifications.webhooks.store import DELIVER, is_anybody_listening, listeners

_known: WeakKeyDictionary[Transaction, bool] = WeakKeyDictionary()


async def fan_out(tx: Transaction, envelopes: Sequence[Envelope]) -> None:
    """Plan the deliveries of events of one type, in their order. Once per event and endpoint."""
    if not await _has_listeners(tx):
        return
    owners = [organization_of(envelope.data) for envelope in envelopes]
    wanted_by = await listeners(tx, event_type=envelopes[0].type, organizations=set(owners))
    rows: list[dict[str, Any]] = []
    for envelope, owner in zip(envelopes, owners, strict=True):
        listening = [endpoint.id for endpoint in wanted_by if endpoint.organization_id in (None, owner)]
        rows += _deliveries(envelope, listening, now=tx.now)
    if rows:
        await tx.execute(insert(deliveries).on_conflict_do_nothing(), rows)
        tx.rouse(DELIVER)


def _deliveries(envelope: Envelope, endpoint_ids: list[str], now: datetime) -> list[dict[str, Any]]:
    if not endpoint_ids:
        return []
    told = {
        "event_id": envelope.id,
        "event_type": envelope.type,
        "body": body_of(envelope),
        "next_attempt_at": now,
        "created_at": now,
    }
    return [{"id": new_id("dlv"), "endpoint_id": endpoint_id} | told for endpoint_id in endpoint_ids]


async def _has_listeners(tx: Transaction) -> bool:
    """Asked once per transaction, which is once per batch of events."""
    if tx not in _known:
        _known[tx] = await is_anybody_listening(tx)
    return _known[tx]


def body_of(envelope: Envelope) -> str:
    """The CloudEvents document as partners get it."""
    document = envelope.model_dump(mode="json")
    return orjson.dumps({name: document[name] for name in TOLD}).decode()


def with_partners(reactions: Reactions) -> Reactions:
    """The same reactions, and before each of them the partners are told; events without a reaction are told too."""
    told = Reactions(reactions.publisher)
    public = [name for name in EVENT_TYPES if name.startswith(f"{reactions.publisher}.")]
    for event_type in dict.fromkeys([*reactions.by_type, *public]):
        reaction = reactions.by_type.get(event_type)
        told.add(event_type, _telling(reaction) if event_type in EVENT_TYPES or reaction is None else reaction)
    return told


def _telling(reaction: Reaction | None) -> Reaction:
    async def tell(tx: Transaction, heard: list[Heard[Fact]]) -> None:
        await fan_out(tx, [one.envelope for one in heard])
        if reaction is not None:
            await reaction.handle(tx, heard)

    return Reaction(reaction.model if reaction else Fact, tell)
