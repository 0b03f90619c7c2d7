"""Customer companies."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

organizations = Table(
    "organizations",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("region", Text),
    Column("vat_id", Text),
    Column("origin", Text, nullable=False, server_default="new"),
    Column("status", Text, nullable=False, server_default="active"),
    Column("revision", Integer, nullable=False, server_default="1"),
    timestamp("created_at"),
    CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
    CheckConstraint("locale IN ('en', 'fr', 'de', 'it')", name="locale"),
    CheckConstraint("origin IN ('new', 'transferred')", name="origin"),
    CheckConstraint("status IN ('active', 'withdrawn')", name="status"),
)
