"""The tables of the queue."""

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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import id_column, timestamp
from notifications.metadata import metadata

messages = Table(
    "messages",
    metadata,
    id_column(),
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("template", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("to_address", Text, nullable=False),
    Column("to_name", Text),
    Column("organization_id", Text),
    Column("correlation", Text),
    Column("data", JSONB, nullable=False),
    Column("link", JSONB(none_as_null=True)),
    Column("priority", SmallInteger, nullable=False),
    Column("on_uncertain", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("subject", Text),
    Column("html", Text),
    Column("text", Text),
    Column("resend_of", Text),
    timestamp("queued_at"),
    timestamp("next_attempt_at"),
    timestamp("expires_at", nullable=True),
    timestamp("sent_at", nullable=True),
    Column("lease_token", Text),
    timestamp("lease_until", nullable=True),
    Column("is_handed_over", Boolean, nullable=False, server_default="false"),
    timestamp("created_at", server_default=text("now()")),
    CheckConstraint(
        "status IN ('queued', 'sending', 'sent', 'failed', 'bounced', 'suppressed', 'held', 'unknown')", name="status"
    ),
    CheckConstraint("on_uncertain IN ('resend', 'hold')", name="on_uncertain"),
    CheckConstraint("to_address = lower(to_address)", name="to_address"),
    Index("messages_queue_idx", "priority", "next_attempt_at", "id", postgresql_where=text("status = 'queued'")),
    Index("messages_lease_idx", "lease_until", postgresql_where=text("status = 'sending'")),
    Index("messages_to_address_idx", "to_address", "id"),
    Index("messages_correlation_idx", "correlation", "id"),
    Index("messages_template_status_idx", "template", "status", "id"),
    Index("messages_status_idx", "status", "id"),
)
"""One row a mail. `data` is what the texts need; `link` says which one-time link to fetch when the mail leaves, never
the link itself; `html` and `text` are the copy of what was sent, with a placeholder where the link stood."""

attempts = Table(
    "message_attempts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("message_id", Text, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    timestamp("at"),
    Column("outcome", Text, nullable=False),
    Column("smtp_code", SmallInteger),
    Column("detail", Text),
    Index("message_attempts_message_id_idx", "message_id", "number"),
)
