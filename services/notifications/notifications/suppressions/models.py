"""The addresses that get no mail."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from chassis.db.base import id_column, timestamp
from notifications.metadata import metadata

suppressions = Table(
    "suppressions",
    metadata,
    id_column(),
    Column("email", Text, nullable=False, unique=True),
    Column("reason", Text, nullable=False),
    Column("detail", Text),
    Column("source_message_id", Text),
    Column("created_by", Text, nullable=False),
    timestamp("created_at"),
    timestamp("expires_at", nullable=True),
    CheckConstraint("reason IN ('hard_bounce', 'complaint', 'manual')", name="reason"),
    CheckConstraint("email = lower(email)", name="email"),
    Index("suppressions_created_at_idx", "created_at", "id"),
)
