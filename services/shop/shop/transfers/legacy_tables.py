"""The legacy shop's rows as they were exported: text, load by load, and who of them is current."""

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.base import day, timestamp
from shop.schema import metadata
from shop.transfers.rules.files import FILES, FileSpec

FIRST_OF_MANY = 1
SAME_AGAIN = 2
CONFLICTING = 3


def _rows_of(spec: FileSpec) -> Table:
    """`digest` stands for the record's content; `repeat` marks records whose key occurs more than once."""
    name = f"legacy_{spec.name.removesuffix('.csv')}"
    owner = "order_id" if spec.name == "order_lines.csv" else "customer_id"
    indexed = {"legacy_id", owner} & set(spec.columns)
    extra = [Column("email_key", Text)] if spec.name == "customers.csv" else []
    return Table(
        name,
        metadata,
        Column("load", Integer, nullable=False),
        Column("line", Integer, nullable=False),
        Column("digest", BigInteger, nullable=False),
        Column("repeat", SmallInteger),
        *[Column(column, Text, nullable=False) for column in spec.columns],
        *extra,
        *[Index(f"{name}_load_{column}_idx", "load", column) for column in sorted(indexed)],
    )


LEGACY = {spec.name: _rows_of(spec) for spec in FILES}

directory = Table(
    "legacy_directory",
    metadata,
    Column("legacy_id", Text, primary_key=True),
    Column("load", Integer, nullable=False, index=True),
    Column("fingerprint", Text, nullable=False),
    Column("company", Text, nullable=False),
    Column("email_key", Text, nullable=False, index=True),
    Column("country", Text, nullable=False),
    Column("region", Text),
    day("exported_on"),
    Column("outcome", Text),
    Column("codes", ARRAY(Text), nullable=False, server_default="{}"),
    Column("warnings", ARRAY(Text), nullable=False, server_default="{}"),
    Column("seats", Integer, nullable=False, server_default="0"),
    day("renews_from", nullable=True),
    day("renews_to", nullable=True),
    Column("organization_id", Text, unique=True),
    timestamp("moved_at", nullable=True),
)
