"""Applications in the database."""

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.applications.errors import ApplicationExists, ApplicationNotFound
from identity.applications.models import applications
from identity.applications.queries import Application, select_applications
from identity.tiles import tiles_of_everybody_changed

returned = select_applications().selected_columns


async def insert_application(tx: Transaction, values: dict[str, Any]) -> Application:
    """Store a new application. Raises ApplicationExists."""
    row = await tx.first(
        insert(applications)
        .values(id=new_id("app"), created_at=tx.now, **values)
        .on_conflict_do_nothing(index_elements=[applications.c.code])
        .returning(*returned)
    )
    if row is None:
        raise ApplicationExists
    tiles_of_everybody_changed(tx)
    return Application.of(row)


async def update_application(tx: Transaction, application_id: str, values: dict[str, Any]) -> Application:
    """Change an application. Raises ApplicationNotFound."""
    row = await tx.first(
        update(applications)
        .where(applications.c.id == application_id)
        .values(**values, revision=applications.c.revision + 1)
        .returning(*returned)
    )
    if row is None:
        raise ApplicationNotFound
    tiles_of_everybody_changed(tx)
    return Application.of(row)


async def delete_application(tx: Transaction, application_id: str) -> None:
    """Forget an application."""
    await tx.execute(delete(applications).where(applications.c.id == application_id))
    tiles_of_everybody_changed(tx)
