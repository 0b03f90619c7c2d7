"""Products and their prices per region."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import day, id_column, minor_units, timestamp
from shop.schema import metadata

products = Table(
    "products",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", JSONB, nullable=False),
    Column("description", JSONB, nullable=False),
    Column("applications", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    timestamp("created_at"),
    timestamp("changed_at"),
    CheckConstraint("status IN ('active', 'retired')", name="status"),
)

# A price is valid from its day until the day before the next one of the same product, region and interval.
prices = Table(
    "prices",
    metadata,
    id_column(),
    Column("product_code", Text, ForeignKey("products.code"), nullable=False),
    Column("region_code", Text, ForeignKey("regions.code"), nullable=False),
    Column("interval", Text, nullable=False),
    minor_units("amount_minor"),
    Column("currency", Text, nullable=False),
    day("valid_from"),
    timestamp("created_at"),
    UniqueConstraint("product_code", "region_code", "interval", "valid_from"),
    CheckConstraint("interval IN ('month', 'year')", name="interval"),
    CheckConstraint("amount_minor >= 0", name="amount"),
)
