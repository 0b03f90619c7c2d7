"""The table of audit entries; a trigger of the migration refuses to change or delete a row."""

from sqlalchemy import Column, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

audit_entries = Table(
    "audit_entries",
    metadata,
    id_column(),
    timestamp("recorded_at", server_default=text("clock_timestamp()")),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("organization_id", Text),
    Column("request_id", Text),
    Column("data", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Index("audit_entries_target_idx", "target", "id"),
    Index("audit_entries_organization_id_idx", "organization_id", "id"),
)
