"""The SQL of products and prices."""

from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Reader, Transaction
from chassis.kernel.ids import new_id
from shop.catalog.models import prices, products


async def find_product(reader: Reader, code: str) -> Row[Any] | None:
    """One product, retired ones too."""
    return await reader.first(select(products).where(products.c.code == code))


async def save_product(tx: Transaction, code: str, values: dict[str, Any]) -> Row[Any]:
    """Insert a product, or overwrite the one with the same code."""
    statement = insert(products).values(code=code, created_at=tx.now, changed_at=tx.now, **values)
    statement = statement.on_conflict_do_update(index_elements=["code"], set_={**values, "changed_at": tx.now})
    return await tx.one(statement.returning(products))


async def change_product(tx: Transaction, code: str, values: dict[str, Any]) -> Row[Any] | None:
    """Change some columns of a product."""
    statement = update(products).where(products.c.code == code).values(**values, changed_at=tx.now)
    return await tx.first(statement.returning(products))


async def save_price(tx: Transaction, *, key: dict[str, Any], amount: int, currency: str) -> None:
    """Insert a price, or overwrite the one of the same product, region, interval and day."""
    statement = insert(prices).values(
        id=new_id("prc"), **key, amount_minor=amount, currency=currency, created_at=tx.now
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["product_code", "region_code", "interval", "valid_from"],
            set_={"amount_minor": amount, "currency": currency},
        )
    )


def priced() -> Any:
    """A select of prices with their last day (the day before the next price of the same series)."""
    next_from = func.lead(prices.c.valid_from).over(
        partition_by=(prices.c.product_code, prices.c.region_code, prices.c.interval),
        order_by=prices.c.valid_from,
    )
    return select(prices, (next_from - 1).label("valid_to")).subquery()


async def find_price(
    reader: Reader, *, product_code: str, region_code: str, interval: str, valid_from: date
) -> Row[Any]:
    """One price with its last day."""
    p = priced()
    return await reader.one(
        select(p).where(
            p.c.product_code == product_code,
            p.c.region_code == region_code,
            p.c.interval == interval,
            p.c.valid_from == valid_from,
        )
    )
