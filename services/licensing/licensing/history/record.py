"""Write down who did what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from chassis.db.transaction import Transaction
from licensing.history.models import history


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done to a license or to one of its assignments."""

    organization_id: str
    license_id: str
    action: str
    assignment_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


async def record(tx: Transaction, deeds: Iterable[Deed]) -> None:
    """Store the deeds with the actor of the transaction, in the same transaction as their effect."""
    rows = [
        {
            "organization_id": deed.organization_id,
            "license_id": deed.license_id,
            "assignment_id": deed.assignment_id,
            "action": deed.action,
            "actor": tx.actor,
            "happened_at": tx.now,
            "details": dict(deed.details),
        }
        for deed in deeds
    ]
    if rows:
        await tx.execute(insert(history), rows)
