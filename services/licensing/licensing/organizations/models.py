"""How organizations are stored."""

from sqlalchemy import Column, Table, Text

from chassis.db.base import id_column, timestamp
from licensing.metadata import metadata

organizations = Table(
    "organizations",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("country", Text),
    Column("region", Text),
    timestamp("noted_at"),
)
