"""Keep what is known about an organization up to date."""

from datetime import datetime

from sqlalchemy import DateTime, bindparam, text

from chassis.db.transaction import Transaction
from licensing.organizations.snapshots import Organization

REMEMBER = text(
    "WITH known AS (SELECT time_zone, noted_at FROM organizations WHERE id = :id), told AS ("
    "INSERT INTO organizations AS o (id, name, locale, time_zone, country, region, noted_at) "
    "VALUES (:id, :name, :locale, :time_zone, :country, :region, :noted_at) ON CONFLICT (id) DO UPDATE SET "
    "name = excluded.name, locale = excluded.locale, time_zone = excluded.time_zone, noted_at = excluded.noted_at, "
    "country = coalesce(excluded.country, o.country), region = coalesce(excluded.region, o.region) "
    "WHERE o.noted_at <= excluded.noted_at AND (o.name, o.locale, o.time_zone) IS DISTINCT FROM "
    "(excluded.name, excluded.locale, excluded.time_zone) "
    "OR o.country IS NULL AND excluded.country IS NOT NULL OR o.region IS NULL AND excluded.region IS NOT NULL) "
    "SELECT time_zone FROM known WHERE noted_at <= :noted_at AND time_zone <> :time_zone"
).bindparams(bindparam("noted_at", type_=DateTime(timezone=True)))


async def remember(tx: Transaction, organization: Organization, *, noted_at: datetime) -> bool:
    """Store the organization unless something newer is known; True when its days now follow another clock.

    `noted_at` is the instant of the event that told it: two services speak of organizations, so the newer word counts.
    """
    moved_from = await tx.scalar(REMEMBER, organization.model_dump() | {"noted_at": noted_at})
    return moved_from is not None
