"""One-time links: only a digest of each is kept."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text, text

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

action_links = Table(
    "action_links",
    metadata,
    id_column(),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("new_email", Text),
    timestamp("created_at", server_default=text("now()")),
    timestamp("expires_at"),
    timestamp("ended_at", nullable=True),
    Column("ended_as", Text),
    CheckConstraint("purpose IN ('activation', 'recovery', 'email')", name="purpose"),
    CheckConstraint("ended_as IN ('used', 'superseded', 'withdrawn')", name="ended_as"),
    Index("action_links_account_id_idx", "account_id", postgresql_where=text("ended_at IS NULL")),
)
