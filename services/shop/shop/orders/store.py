"""The SQL of orders."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Reader, Transaction
from shop.numbering import next_number
from shop.orders.models import order_lines, order_numbers, orders
from shop.orders.views import LineView, OrderView, line_of, order_of

# Built once: putting a statement with thirty values together costs as much as executing it.
ADD = insert(orders).values(number=next_number(order_numbers)).on_conflict_do_nothing().returning(orders.c.number)


ADD_LINES = insert(order_lines)
PAY = text(
    "WITH begun AS (UPDATE order_lines l SET subscription_id = w.subscription"
    " FROM unnest(CAST(:lines AS text[]), CAST(:subscriptions AS text[])) AS w(line, subscription) WHERE l.id = w.line)"
    " UPDATE orders SET status = 'paid', paid_at = :now, invoice_number = :invoice, failure_code = NULL WHERE id = :id"
)


async def add(tx: Transaction, order: dict[str, Any], lines: list[dict[str, Any]], *, year: int) -> str | None:
    """Store an order with its lines under the next number, which it answers; None when the same renewal is there.

    Gaps in order numbers do not matter, unlike in invoice numbers.
    """
    number = await tx.scalar(ADD, order | {"number_starts": f"O-{year}-"})
    if number is not None and lines:
        await tx.execute(ADD_LINES, lines)
    return number


async def find(reader: Reader, order_id: str) -> OrderView | None:
    """One order with its lines."""
    row = await reader.first(select(orders).where(orders.c.id == order_id))
    return order_of(row, (await lines_of(reader, [order_id]))[order_id]) if row else None


async def lock(tx: Transaction, order_id: str) -> OrderView | None:
    """One order with its lines, locked until the transaction ends."""
    row = await tx.first(select(orders).where(orders.c.id == order_id).with_for_update())
    return order_of(row, (await lines_of(tx, [order_id]))[order_id]) if row else None


async def lines_of(reader: Reader, order_ids: Collection[str]) -> dict[str, list[LineView]]:
    """The lines of several orders."""
    found: dict[str, list[LineView]] = defaultdict(list)
    if order_ids:
        rows = await reader.all(select(order_lines).where(order_lines.c.order_id.in_(order_ids)))
        for row in rows:
            found[row.order_id].append(line_of(row))
    return found


async def change(tx: Transaction, order_id: str, values: dict[str, Any]) -> None:
    """Change some columns of an order."""
    await tx.execute(update(orders).where(orders.c.id == order_id).values(**values))


async def pay(tx: Transaction, order_id: str, *, invoice_number: str, begun: Mapping[str, str]) -> None:
    """Write down that an order is paid, and which subscription each line of it began."""
    params = {"id": order_id, "now": tx.now, "invoice": invoice_number}
    await tx.execute(PAY, {**params, "lines": list(begun), "subscriptions": list(begun.values())})


async def upsert_legacy(tx: Transaction, rows: list[dict[str, Any]]) -> list[Row[Any]]:
    """Store transferred orders; those there already stay as they are. Answers id and legacy id of all."""
    statement = insert(orders).on_conflict_do_update(
        index_elements=["organization_id", "legacy_id"], set_={"legacy_id": orders.c.legacy_id}
    )
    return await tx.all(statement.returning(orders.c.id, orders.c.legacy_id, orders.c.organization_id), rows)


async def upsert_legacy_lines(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Store the lines of transferred orders; a second time they are linked to the subscriptions of the day."""
    statement = insert(order_lines)
    linked = func.coalesce(statement.excluded.subscription_id, order_lines.c.subscription_id)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["order_id", "line_no"], set_={"subscription_id": linked}
        ).returning(order_lines.c.id),
        rows,
    )
