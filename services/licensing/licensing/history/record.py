"""Write down who did what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from chassis.db.transaction import Transaction
from licensing.history.models import history


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done to a license or to one of its assignments; `by` None: by the actor of the transaction."""

    organization_id: str
    license_id: str
    action: str
    assignment_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None


async def record(tx: Transaction, deeds: Iterable[Deed]) -> None:
    """Store the deeds, in the same transaction as their effect."""
    rows = [
        {
            "organization_id": deed.organization_id,
            "license_id": deed.license_id,
            "assignment_id": deed.assignment_id,
            "action": deed.action,
            "actor": deed.by or tx.actor,
            "happened_at": tx.now,
            "details": dict(deed.details),
        }
        for deed in deeds
    ]
    if rows:
        await tx.execute(insert(history), rows)
