"""Keep what other services tell about products and entitlements, the latest word of each."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from identity.applications.models import entitlements, products


async def project_product(
    tx: Transaction, *, code: str, sequence: int, name: dict[str, str], applications: list[str]
) -> None:
    """Which applications a product opens. An older word than the one we have changes nothing."""
    statement = insert(products).values(code=code, sequence=sequence, name=name, applications=applications)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[products.c.code],
            set_={
                "sequence": statement.excluded.sequence,
                "name": statement.excluded.name,
                "applications": statement.excluded.applications,
            },
            where=products.c.sequence < statement.excluded.sequence,
        )
    )


async def project_entitlement(
    tx: Transaction, *, email: str, product_code: str, sequence: int, grants: list[dict[str, Any]]
) -> None:
    """Every present and future grant of a product to an address. An older word changes nothing.

    A snapshot without grants is kept too: it outranks an older one that arrives late.
    """
    statement = insert(entitlements).values(email=email, product_code=product_code, sequence=sequence, grants=grants)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[entitlements.c.email, entitlements.c.product_code],
            set_={"sequence": statement.excluded.sequence, "grants": statement.excluded.grants},
            where=entitlements.c.sequence < statement.excluded.sequence,
        )
    )
