"""Keep what is known about an organization up to date."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from licensing.organizations.models import organizations
from licensing.organizations.snapshots import Organization


async def remember(tx: Transaction, organization: Organization, *, noted_at: datetime) -> bool:
    """Store the organization unless something newer is known; True when its days now follow another clock.

    `noted_at` is the instant of the event that told it: two services speak of organizations, so the newer word counts.
    """
    known = await tx.first(select(organizations).where(organizations.c.id == organization.id))
    values = organization.model_dump() | {"noted_at": noted_at}
    if known is not None and _says_nothing_new(known, values):
        return False
    statement = insert(organizations).values(values)
    merged = {name: statement.excluded[name] for name in ("name", "locale", "time_zone", "noted_at")}
    for name in ("country", "region"):
        merged[name] = func.coalesce(statement.excluded[name], organizations.c[name])
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[organizations.c.id], set_=merged, where=organizations.c.noted_at <= noted_at
        )
    )
    return known is not None and known.time_zone != organization.time_zone


def _says_nothing_new(known: object, values: dict[str, object]) -> bool:
    if known.noted_at > values["noted_at"]:  # type: ignore[attr-defined]
        return True
    told = {name: value for name, value in values.items() if value is not None and name != "noted_at"}
    return all(getattr(known, name) == value for name, value in told.items())
