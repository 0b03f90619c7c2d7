"""Keeping the totals of the last dry run with the wave."""

from typing import Any

from sqlalchemy import Row, update

from chassis.db.transaction import Transaction
from shop.transfers.models import waves


async def remember(tx: Transaction, wave: Row[Any], summary: dict[str, Any]) -> None:
    """Note what the dry run said in total; the wave itself is not changed by it."""
    last_check = {"checked_at": tx.now, "transfer_on": wave.transfer_on, "summary": summary}
    await tx.execute(update(waves).where(waves.c.id == wave.id).values(last_check=last_check))
