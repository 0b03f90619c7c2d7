"""Accounts and their passwords."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("locale", Text, nullable=False, server_default="en"),
    Column("status", Text, nullable=False, server_default="invited"),
    Column("operator_roles", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    timestamp("created_at"),
    timestamp("activated_at", nullable=True),
    timestamp("disabled_at", nullable=True),
    timestamp("tokens_not_before", nullable=True),
    Column("pending_email", Text),
    timestamp("pending_email_at", nullable=True),
    CheckConstraint("email = lower(email)", name="email_lower"),
    CheckConstraint("status IN ('invited', 'active', 'disabled')", name="status"),
    CheckConstraint("locale IN ('en', 'fr', 'de', 'it')", name="locale"),
    Index("accounts_status_idx", "status", "id"),
    Index("accounts_pending_email_idx", "pending_email", postgresql_where=text("pending_email IS NOT NULL")),
)

passwords = Table(
    "passwords",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", Text, nullable=False),
    timestamp("changed_at", server_default=text("now()")),
)

password_tries = Table(
    "password_tries",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("tries", Integer, nullable=False),
    timestamp("last_at", server_default=text("now()")),
)
"""Tries to prove by password that it is still the same person, made by somebody who is signed in."""

mail_requests = Table(
    "mail_requests",
    metadata,
    id_column(),
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    timestamp("requested_at", server_default=text("now()")),
    Index("mail_requests_account_id_idx", "account_id", "requested_at"),
)
