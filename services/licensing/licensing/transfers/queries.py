"""What neighbours may ask about transfers."""

from datetime import datetime

from sqlalchemy import select

from chassis.db.transaction import Reader
from licensing.transfers.models import transfers


async def is_taken_back(reader: Reader, *, transfer_id: str | None, happened_at: datetime) -> bool:
    """Whether the transfer was rolled back after `happened_at`: what it granted before is void."""
    if transfer_id is None:
        return False
    row = await reader.first(
        select(transfers.c.id).where(
            transfers.c.id == transfer_id,
            transfers.c.state == "rolled_back",
            transfers.c.happened_at > happened_at,
        )
    )
    return row is not None
