"""How products are stored."""

from sqlalchemy import Boolean, Column, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import timestamp
from licensing.metadata import metadata

products = Table(
    "products",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", JSONB, nullable=False),
    Column("applications", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("from_catalog", Boolean, nullable=False, server_default=text("false")),
    timestamp("noted_at"),
)
