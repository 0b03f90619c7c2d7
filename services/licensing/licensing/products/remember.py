"""Keep the names and applications of products up to date."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, or_
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from licensing.products.models import products


async def remember(
    tx: Transaction,
    *,
    code: str,
    name: Mapping[str, str],
    applications: Sequence[str],
    noted_at: datetime,
    from_catalog: bool = False,
) -> None:
    """Store the product; the catalog's own word is never overwritten by what a purchase carries with it."""
    statement = insert(products).values(
        code=code,
        name=dict(name) or {"en": code},
        applications=list(applications),
        from_catalog=from_catalog,
        noted_at=noted_at,
    )
    told = statement.excluded
    is_news = or_(
        products.c.name != told.name,
        products.c.applications != told.applications,
        products.c.from_catalog != from_catalog,
    )
    may_overwrite = products.c.noted_at <= noted_at if from_catalog else products.c.from_catalog.is_(False)
    first_word = and_(told.from_catalog, products.c.from_catalog.is_(False))
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[products.c.code],
            set_={column: told[column] for column in ("name", "applications", "from_catalog", "noted_at")},
            where=and_(is_news, or_(may_overwrite, first_word)),
        )
    )
