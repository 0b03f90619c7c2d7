"""Planning a wave."""

from datetime import date

from sqlalchemy import insert

from chassis.db.transaction import Transaction
from chassis.kernel.errors import FieldError
from chassis.kernel.ids import new_id
from shop.transfers.errors import UnusableWave
from shop.transfers.models import waves
from shop.transfers.policy import Policy
from shop.transfers.waves import store
from shop.transfers.waves.members import take
from shop.transfers.waves.schemas import CreateTransferWave, WaveFilter


async def create(tx: Transaction, wanted: CreateTransferWave, policy: Policy) -> str:
    """Create a wave as a draft: nothing is sent before it is scheduled. Raises UnusableWave."""
    refuse_past(tx, wanted.transfer_on)
    customers = wanted.customers if wanted.customers is not None else wanted.filter
    if customers is None or (wanted.customers is not None and wanted.filter is not None):
        detail = "Say who moves: legacy customer ids or a filter, one of the two."
        raise UnusableWave(errors=[FieldError("/customers", "missing", detail)])
    chosen_by = customers.model_dump(mode="json") if isinstance(customers, WaveFilter) else None
    wave_id = new_id("wav")
    await tx.execute(
        insert(waves).values(
            id=wave_id,
            name=wanted.name,
            transfer_on=wanted.transfer_on,
            state="draft",
            filter=chosen_by,
            safety_window_days=wanted.safety_window_days,
            created_by=tx.actor,
            created_at=tx.now,
        )
    )
    await take(tx, await store.find(tx, wave_id), customers, policy)
    return wave_id


def refuse_past(tx: Transaction, transfer_on: date) -> None:
    """Raise UnusableWave for a day that is over."""
    if transfer_on < tx.now.date():
        detail = "The transfer date is in the past."
        raise UnusableWave(errors=[FieldError("/transfer_on", "in_the_past", detail)])
