"""Regions and the countries they serve."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, Text

from chassis.db.base import timestamp
from shop.schema import metadata

regions = Table(
    "regions",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("tax_mode", Text, nullable=False),
    Column("default_locale", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    timestamp("changed_at"),
    CheckConstraint("tax_mode IN ('net', 'gross')", name="tax_mode"),
)

# A country is the key: it belongs to one region, so every customer has at most one.
region_countries = Table(
    "region_countries",
    metadata,
    Column("country", Text, primary_key=True),
    Column("region_code", Text, ForeignKey("regions.code"), nullable=False, index=True),
)
