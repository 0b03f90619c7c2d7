"""What only the whole export can tell: keys that occur twice, and records that hang in the air. Set-based."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from chassis.db.transaction import Transaction
from shop.transfers.models import CONFLICTING, FIRST_OF_MANY, LEGACY, SAME_AGAIN, findings
from shop.transfers.rules.codes import level_of
from shop.transfers.rules.files import FILES, FileSpec

PLACE = ["load", "stage", "file", "line", "column", "code", "level", "key", "customer", "value"]
CUSTOMERS = LEGACY["customers.csv"]
ORDERS = LEGACY["orders.csv"]
LINES = LEGACY["order_lines.csv"]
ORPHANS = {
    "subscriptions.csv": "orphan_subscription",
    "orders.csv": "orphan_order",
    "payment_methods.csv": "orphan_payment_method",
    "one_off_licenses.csv": "orphan_one_off_license",
}
LINE_REFERENCES = {
    "order_id": ORDERS,
    "subscription_id": LEGACY["subscriptions.csv"],
    "one_off_license_id": LEGACY["one_off_licenses.csv"],
}


async def compare(tx: Transaction, load: int) -> None:
    """Mark repeated keys and note duplicates and orphans of one load as findings."""
    for spec in FILES:
        await tx.execute(_mark_repeats(spec, load))
    for spec in FILES:
        await _note(tx, _repeats(spec, load))
    for file, code in ORPHANS.items():
        await _note(tx, _orphans(file, code, load))
    for column, table in LINE_REFERENCES.items():
        await _note(tx, _orphaned_lines(column, table, load))


def is_read(table: Table) -> ColumnElement[bool]:
    """Whether the record counts: of several with one key only the first does."""
    return or_(table.c.repeat.is_(None), table.c.repeat == FIRST_OF_MANY)


async def _note(tx: Transaction, found: Select[Any]) -> None:
    await tx.execute(insert(findings).from_select(PLACE, found))


def _mark_repeats(spec: FileSpec, load: int) -> Any:
    table = LEGACY[spec.name]
    key = [table.c[column] for column in spec.key]
    several = select(*key).where(table.c.load == load).group_by(*key).having(func.count() > 1)
    ranked = (
        select(
            *key,
            table.c.line,
            func.row_number().over(partition_by=key, order_by=table.c.line).label("place"),
            func.row_number().over(partition_by=[*key, table.c.digest], order_by=table.c.line).label("again"),
            (func.min(table.c.digest).over(partition_by=key) != func.max(table.c.digest).over(partition_by=key)).label(
                "differs"
            ),
        )
        .where(table.c.load == load, tuple_(*key).in_(several))
        .subquery()
    )
    kind = case(
        (and_(ranked.c.place == 1, ranked.c.differs), FIRST_OF_MANY),
        (ranked.c.place == 1, None),
        (ranked.c.again > 1, SAME_AGAIN),
        else_=CONFLICTING,
    )
    same_record = [table.c[column] == ranked.c[column] for column in (*spec.key, "line")]
    return update(table).values(repeat=kind).where(table.c.load == load, *same_record)


def _repeats(spec: FileSpec, load: int) -> Select[Any]:
    table = LEGACY[spec.name]
    code = case((table.c.repeat == SAME_AGAIN, "duplicate_row"), else_="duplicate_id")
    level = case(
        (table.c.repeat == SAME_AGAIN, level_of("duplicate_row").value),
        else_=level_of("duplicate_id").value,
    )
    found = select(
        literal(load),
        literal("reading"),
        literal(spec.name),
        table.c.line,
        literal(spec.key[0]),
        code,
        level,
        _key(spec),
        _owner(spec),
        literal(""),
    ).where(table.c.load == load, table.c.repeat.in_((SAME_AGAIN, CONFLICTING)))
    return found.order_by(table.c.line)


def _orphans(file: str, code: str, load: int) -> Select[Any]:
    table = LEGACY[file]
    has_customer = exists().where(CUSTOMERS.c.load == load, CUSTOMERS.c.legacy_id == table.c.customer_id)
    found = select(
        literal(load),
        literal("reading"),
        literal(file),
        table.c.line,
        literal("customer_id"),
        literal(code),
        literal(level_of(code).value),
        table.c.legacy_id,
        literal(""),
        table.c.customer_id,
    ).where(table.c.load == load, is_read(table), ~has_customer)
    return found.order_by(table.c.line)


def _orphaned_lines(column: str, table: Table, load: int) -> Select[Any]:
    code = "orphan_order_line"
    named = LINES.c[column]
    there = exists().where(table.c.load == load, table.c.legacy_id == named)
    found = select(
        literal(load),
        literal("reading"),
        literal("order_lines.csv"),
        LINES.c.line,
        literal(column),
        literal(code),
        literal(level_of(code).value),
        LINES.c.order_id + "/" + LINES.c.line_no,
        _known_customer_of_order(),
        named,
    ).where(LINES.c.load == load, is_read(LINES), named != "", ~there)
    return found.order_by(LINES.c.line)


def _key(spec: FileSpec) -> ColumnElement[str]:
    table = LEGACY[spec.name]
    first, *rest = [table.c[column] for column in spec.key]
    for part in rest:
        first = first + "/" + part
    return first


def _owner(spec: FileSpec) -> ColumnElement[str]:
    table = LEGACY[spec.name]
    match spec.name:
        case "customers.csv":
            return table.c.legacy_id
        case "order_lines.csv":
            return _known_customer_of_order()
        case _:
            return table.c.customer_id


def _known_customer_of_order() -> ColumnElement[str]:
    owner = (
        select(ORDERS.c.customer_id)
        .join(CUSTOMERS, and_(CUSTOMERS.c.load == ORDERS.c.load, CUSTOMERS.c.legacy_id == ORDERS.c.customer_id))
        .where(ORDERS.c.load == LINES.c.load, ORDERS.c.legacy_id == LINES.c.order_id, is_read(ORDERS))
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(owner, "")
