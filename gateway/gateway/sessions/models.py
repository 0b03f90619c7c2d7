"""The sessions of browsers. The cookie is known by its hash only, the tokens are sealed."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.base import timestamp
from gateway.metadata import METADATA

sessions = Table(
    "sessions",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("session_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("organization_id", Text),
    Column("roles", ARRAY(Text), nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("locale", Text),
    Column("access_token", LargeBinary, nullable=False),
    timestamp("access_expires_at"),
    Column("refresh_token", LargeBinary),
    Column("id_token", LargeBinary, nullable=False),
    timestamp("created_at"),
    timestamp("used_at"),
    Column("idle_seconds", Integer, nullable=False),
    timestamp("expires_at"),
    Index("sessions_session_id_idx", "session_id"),
    Index("sessions_account_id_idx", "account_id"),
    Index("sessions_expires_at_idx", "expires_at"),
)
