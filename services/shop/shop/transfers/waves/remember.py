"""Keeping the totals of the last dry run with the wave."""

from typing import Any

from sqlalchemy import Row, update

from chassis.db.transaction import Transaction
from shop.transfers.models import waves
from shop.transfers.waves.check import Checked


async def remember(tx: Transaction, wave: Row[Any], checked: Checked) -> None:
    """Note what the dry run said in total; the wave itself is not changed by it."""
    last_check = {
        "checked_at": tx.now,
        "transfer_on": wave.transfer_on,
        "summary": checked.summary.as_dict(),
        "money": [sides.model_dump(mode="json") for sides in checked.money],
    }
    done = update(waves).where(waves.c.id == wave.id)
    await tx.execute(done.values(last_check=last_check, check_progress=None, check_asked_at=None))
