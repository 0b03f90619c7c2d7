"""Where an import stands, visible while it runs."""

from typing import Any

from sqlalchemy import update

from chassis.db.transaction import Database
from shop.transfers.models import imports


async def report(database: Database, import_id: str, progress: dict[str, Any], **values: Any) -> None:
    """Note the progress, and a new state when there is one."""
    async with database.transaction() as tx:
        await tx.execute(update(imports).where(imports.c.id == import_id).values(progress=progress, **values))
