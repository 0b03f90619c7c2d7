"""How consents and grants are stored."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

grants = Table(
    "grants",
    metadata,
    id_column(),
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    Column("session_id", Text, ForeignKey("sessions.id", ondelete="SET NULL")),
    Column("is_tied_to_session", Boolean, nullable=False),
    Column("organization_id", Text),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("amr", ARRAY(Text), nullable=False),
    timestamp("authenticated_at"),
    timestamp("created_at"),
    timestamp("revoked_at", nullable=True),
    Column("revoke_reason", Text),
    Index("grants_account_id_client_id_idx", "account_id", "client_id"),
    Index("grants_session_id_idx", "session_id"),
    Index("grants_created_at_idx", "created_at"),
)
"""`scopes` are what was asked for and allowed to the client; roles narrow them whenever a token is made."""

consents = Table(
    "consents",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True),
    Column("scopes", ARRAY(Text), nullable=False),
    timestamp("given_at"),
    timestamp("changed_at"),
)
