"""Keep the names and applications of products up to date."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.transaction import Transaction

REMEMBER = (
    text(
        "WITH told AS (INSERT INTO products AS p (code, name, applications, from_catalog, noted_at) "
        "VALUES (:code, :name, :applications, :from_catalog, :noted_at) ON CONFLICT (code) DO UPDATE SET "
        "name = excluded.name, applications = excluded.applications, from_catalog = excluded.from_catalog, "
        "noted_at = excluded.noted_at WHERE (p.name, p.applications, p.from_catalog) IS DISTINCT FROM "
        "(excluded.name, excluded.applications, excluded.from_catalog) "
        "AND (excluded.from_catalog AND (NOT p.from_catalog OR p.noted_at <= excluded.noted_at) "
        "OR NOT excluded.from_catalog AND NOT p.from_catalog) RETURNING name) "
        "SELECT name FROM told UNION ALL SELECT name FROM products WHERE code = :code LIMIT 1"
    )
    .bindparams(
        bindparam("name", type_=JSONB),
        bindparam("applications", type_=JSONB),
        bindparam("noted_at", type_=DateTime(timezone=True)),
    )
    .columns(name=JSONB)
)


async def remember(
    tx: Transaction,
    *,
    code: str,
    name: Mapping[str, str],
    applications: Sequence[str],
    noted_at: datetime,
    from_catalog: bool = False,
) -> dict[str, str]:
    """Store the product, and answer the names it now has.

    The catalog's own word is never overwritten by what a purchase carries with it.
    """
    told = {
        "code": code,
        "name": dict(name) or {"en": code},
        "applications": list(applications),
        "from_catalog": from_catalog,
        "noted_at": noted_at,
    }
    return await tx.scalar(REMEMBER, told)
