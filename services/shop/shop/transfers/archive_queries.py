"""What the archive may read of the transfer: the customer's facts of the day, and what became of each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from chassis.db.transaction import Reader
from shop.transfers.evaluate import Plan, World, evaluate
from shop.transfers.models import transfers
from shop.transfers.rules.decisions import Decision
from shop.transfers.states import AFTER


@dataclass(frozen=True, slots=True)
class MovedCustomer:
    """A customer that has moved: the decision of the day, and the snapshot of what moved with its ids here."""

    transferred_at: datetime
    transfer_on: date
    decision: Decision
    moved: dict[str, Any]


async def moved_customer(reader: Reader, organization_id: str, world: World) -> MovedCustomer | None:
    """The organization's transfer, or None when it did not come from the legacy shop."""
    row = await reader.first(
        select(transfers).where(transfers.c.organization_id == organization_id, transfers.c.state.in_(AFTER))
    )
    if row is None:
        return None
    found = await evaluate(reader, {row.legacy_customer_id: Plan(row.transfer_on)}, world)
    evaluated = found.get(row.legacy_customer_id)
    if evaluated is None:
        return None
    return MovedCustomer(
        transferred_at=row.transferred_at,
        transfer_on=row.transfer_on,
        decision=evaluated.decision,
        moved=row.moved,
    )
