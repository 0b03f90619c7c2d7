"""Issued invoices and the counters of their series."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import day, id_column, minor_units, timestamp
from shop.schema import metadata

# The counter moves in the transaction that issues: a roll-back takes the number back, so there are no gaps.
invoice_series = Table(
    "invoice_series",
    metadata,
    Column("series", Text, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

invoices = Table(
    "invoices",
    metadata,
    id_column(),
    Column("number", Text, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("order_id", Text, nullable=False, unique=True),
    Column("order_number", Text, nullable=False),
    day("issued_on"),
    Column("currency", Text, nullable=False),
    minor_units("net_minor"),
    minor_units("tax_minor"),
    minor_units("total_minor"),
    Column("status", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("document", JSONB, nullable=False),
    timestamp("created_at"),
    CheckConstraint("status IN ('paid', 'refunded', 'cancelled', 'failed')", name="status"),
    CheckConstraint("origin IN ('new', 'transferred')", name="origin"),
    Index("invoices_number_idx", "number", unique=True, postgresql_where=text("origin = 'new'")),
    Index("invoices_organization_idx", "organization_id", "issued_on", "id"),
)
