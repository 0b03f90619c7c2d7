"""How sessions are stored, and which clients have seen each of them."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

sessions = Table(
    "sessions",
    metadata,
    id_column(),
    Column("secret_digest", Text, nullable=False, unique=True),
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("amr", ARRAY(Text), nullable=False),
    Column("kind", Text, nullable=False),
    Column("address", Text),
    Column("user_agent", Text),
    timestamp("authenticated_at"),
    timestamp("created_at"),
    timestamp("last_seen_at"),
    timestamp("expires_at"),
    timestamp("ended_at", nullable=True),
    Column("end_reason", Text),
    Index("sessions_account_id_idx", "account_id", postgresql_where=text("ended_at IS NULL")),
    Index("sessions_last_seen_at_idx", "last_seen_at", postgresql_where=text("ended_at IS NULL")),
)

session_clients = Table(
    "session_clients",
    metadata,
    Column("session_id", Text, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True),
    timestamp("first_seen_at"),
)
