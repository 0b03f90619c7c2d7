"""Imports with their findings and changes, waves, transfers with their timeline, and the release lists."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.db.base import day, id_column, timestamp
from shop.schema import metadata
from shop.transfers.legacy_tables import CONFLICTING, FIRST_OF_MANY, LEGACY, SAME_AGAIN, directory

__all__ = [
    "CONFLICTING",
    "FIRST_OF_MANY",
    "LEGACY",
    "SAME_AGAIN",
    "changes",
    "directory",
    "entries",
    "findings",
    "imports",
    "releases",
    "transfers",
    "waves",
]

EMPTY = text("'{}'::jsonb")

imports = Table(
    "transfer_imports",
    metadata,
    id_column(),
    Column("load", Integer, Identity(always=True), nullable=False, unique=True),
    Column("source", Text, nullable=False),
    day("exported_on"),
    day("transfer_on"),
    Column("product_map", JSONB, nullable=False, server_default=EMPTY),
    Column("files", JSONB, nullable=False, server_default=EMPTY),
    Column("state", Text, nullable=False),
    Column("progress", JSONB, nullable=False, server_default=EMPTY),
    Column("changed", JSONB, nullable=False, server_default=EMPTY),
    Column("summary", JSONB),
    Column("error", Text),
    Column("created_by", Text, nullable=False),
    timestamp("created_at"),
    timestamp("finished_at", nullable=True),
    CheckConstraint("state IN ('received', 'reading', 'publishing', 'checking', 'completed', 'failed')", name="state"),
    Index("transfer_imports_open_idx", "load", postgresql_where=text("finished_at IS NULL")),
)

findings = Table(
    "import_findings",
    metadata,
    Column("load", Integer, nullable=False),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("stage", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("column", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("value", Text, nullable=False),
    CheckConstraint("stage IN ('reading', 'rules')", name="stage"),
    Index("import_findings_place_idx", "load", "file", "line", "id"),
    Index("import_findings_customer_idx", "load", "customer"),
)

changes = Table(
    "import_changes",
    metadata,
    Column("load", Integer, nullable=False),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("file", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("differences", JSONB, nullable=False, server_default=EMPTY),
    CheckConstraint("change IN ('added', 'changed', 'removed')", name="change"),
    Index("import_changes_load_idx", "load", "id"),
)

waves = Table(
    "transfer_waves",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    day("transfer_on"),
    Column("state", Text, nullable=False),
    Column("filter", JSONB),
    Column("safety_window_days", SmallInteger, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("last_check", JSONB),
    Column("check_progress", JSONB),
    timestamp("check_asked_at", nullable=True),
    Column("created_by", Text, nullable=False),
    timestamp("created_at"),
    timestamp("scheduled_at", nullable=True),
    timestamp("started_at", nullable=True),
    timestamp("finished_at", nullable=True),
    CheckConstraint("state IN ('draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled')", name="state"),
    CheckConstraint("safety_window_days BETWEEN 0 AND 60", name="safety_window_days"),
    Index("transfer_waves_to_check_idx", "check_asked_at", postgresql_where=text("check_asked_at IS NOT NULL")),
)

transfers = Table(
    "transfers",
    metadata,
    id_column(),
    Column("wave_id", Text, ForeignKey("transfer_waves.id", ondelete="CASCADE"), nullable=False),
    Column("legacy_customer_id", Text, nullable=False),
    Column("organization_id", Text, nullable=False, index=True),
    Column("company", Text, nullable=False),
    Column("email", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    day("transfer_on"),
    day("announced_for", nullable=True),
    Column("revision", Integer, nullable=False, server_default="1"),
    timestamp("next_at", nullable=True),
    Column("outcome", Text),
    Column("codes", ARRAY(Text), nullable=False, server_default="{}"),
    Column("warnings", ARRAY(Text), nullable=False, server_default="{}"),
    Column("failure_code", Text),
    Column("failure_detail", Text),
    Column("held_from", Text),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("reminders", SmallInteger, nullable=False, server_default="0"),
    Column("mail_failed", Boolean, nullable=False, server_default=false()),
    Column("moved", JSONB),
    timestamp("announced_at", nullable=True),
    timestamp("reminded_at", nullable=True),
    timestamp("transferred_at", nullable=True),
    timestamp("activated_at", nullable=True),
    timestamp("first_sign_in_at", nullable=True),
    timestamp("first_renewal_at", nullable=True),
    timestamp("settled_at", nullable=True),
    timestamp("created_at"),
    timestamp("changed_at"),
    CheckConstraint(
        "state IN ('planned', 'announced', 'reminded', 'transferring', 'transferred', 'activated', 'settled',"
        " 'failed', 'postponed', 'rolled_back', 'cancelled', 'held')",
        name="state",
    ),
    Index(
        "transfers_one_open_per_customer_idx",
        "legacy_customer_id",
        unique=True,
        postgresql_where=text("state NOT IN ('cancelled', 'rolled_back')"),
    ),
    Index("transfers_due_idx", "next_at", "id", postgresql_where=text("next_at IS NOT NULL")),
    Index("transfers_wave_idx", "wave_id", "id"),
)

entries = Table(
    "transfer_entries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("transfer_id", Text, ForeignKey("transfers.id", ondelete="CASCADE"), nullable=False, index=True),
    timestamp("at"),
    Column("what", Text, nullable=False),
    Column("detail", JSONB, nullable=False, server_default=EMPTY),
    Column("actor", Text, nullable=False),
)

releases = Table(
    "transfer_releases",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("transfer_id", Text, ForeignKey("transfers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("wave_id", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("legacy_customer_id", Text, nullable=False),
    Column("subscriptions", JSONB, nullable=False),
    timestamp("asked_at"),
    timestamp("acknowledged_at", nullable=True),
    CheckConstraint("action IN ('release', 'restore')", name="action"),
)
