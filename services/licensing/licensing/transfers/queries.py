"""What neighbours may ask about transfers."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import any_, bindparam, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from chassis.db.transaction import Reader
from licensing.transfers.models import transfers

ROLLED_BACK = select(transfers.c.id, transfers.c.happened_at).where(
    transfers.c.id == any_(cast(bindparam("ids"), ARRAY(Text))), transfers.c.state == "rolled_back"
)


async def rolled_back(reader: Reader, transfer_ids: Collection[str]) -> dict[str, datetime]:
    """Those of the transfers that are rolled back, and since when: what they granted before is void."""
    if not transfer_ids:
        return {}
    return {row.id: row.happened_at for row in await reader.all(ROLLED_BACK, {"ids": sorted(transfer_ids)})}
