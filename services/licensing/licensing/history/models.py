"""How history is stored: rows are only ever added."""

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import timestamp
from licensing.metadata import metadata

history = Table(
    "history",
    metadata,
    Column("no", BigInteger, Identity(always=True), primary_key=True),
    Column("organization_id", Text, nullable=False),
    Column("license_id", Text, nullable=False),
    Column("assignment_id", Text),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),
    timestamp("happened_at"),
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Index("history_license_idx", "license_id", "no"),
    Index("history_assignment_idx", "assignment_id", "no"),
)
