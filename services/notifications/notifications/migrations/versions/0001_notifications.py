"""The first shape of the notifications database: mails, their attempts, suppressions, preferences, webhooks.

Without it the service has nowhere to keep what it was asked to send.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.db.migrate import create_chassis_tables, drop_chassis_tables

revision = "0001_notifications"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)
    op.create_table(
        "messages",
        Column("id", Text, nullable=False),
        Column("dedupe_key", Text, nullable=False),
        Column("template", Text, nullable=False),
        Column("locale", Text, nullable=False),
        Column("to_address", Text, nullable=False),
        Column("to_name", Text, nullable=True),
        Column("organization_id", Text, nullable=True),
        Column("correlation", Text, nullable=True),
        Column("data", JSONB, nullable=False),
        Column("link", JSONB(none_as_null=True), nullable=True),
        Column("priority", SmallInteger, nullable=False),
        Column("on_uncertain", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("reason", Text, nullable=True),
        Column("attempts", Integer, server_default="0", nullable=False),
        Column("subject", Text, nullable=True),
        Column("html", Text, nullable=True),
        Column("text", Text, nullable=True),
        Column("resend_of", Text, nullable=True),
        Column("queued_at", DateTime(timezone=True), nullable=False),
        Column("next_attempt_at", DateTime(timezone=True), nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=True),
        Column("sent_at", DateTime(timezone=True), nullable=True),
        Column("lease_token", Text, nullable=True),
        Column("lease_until", DateTime(timezone=True), nullable=True),
        Column("is_handed_over", Boolean, server_default="false", nullable=False),
        Column("created_at", DateTime(timezone=True), server_default=text("now()"), nullable=False),
        CheckConstraint("on_uncertain IN ('resend', 'hold')", name=op.f("messages_on_uncertain_check")),
        CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'failed', 'bounced', 'suppressed', 'held', 'unknown')",
            name=op.f("messages_status_check"),
        ),
        CheckConstraint("to_address = lower(to_address)", name=op.f("messages_to_address_check")),
        PrimaryKeyConstraint("id", name=op.f("messages_pkey")),
        UniqueConstraint("dedupe_key", name=op.f("messages_dedupe_key_key")),
    )
    op.create_index("messages_correlation_idx", "messages", ["correlation", "id"], unique=False)
    op.create_index(
        "messages_lease_idx", "messages", ["lease_until"], unique=False, postgresql_where=text("status = 'sending'")
    )
    op.create_index(
        "messages_queue_idx",
        "messages",
        ["priority", "next_attempt_at", "id"],
        unique=False,
        postgresql_where=text("status = 'queued'"),
    )
    op.create_index("messages_status_idx", "messages", ["status", "id"], unique=False)
    op.create_index("messages_template_status_idx", "messages", ["template", "status", "id"], unique=False)
    op.create_index("messages_to_address_idx", "messages", ["to_address", "id"], unique=False)
    op.create_table(
        "notification_preferences",
        Column("email", Text, nullable=False),
        Column("category", Text, nullable=False),
        Column("is_enabled", Boolean, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        CheckConstraint("category IN ('service', 'marketing')", name=op.f("notification_preferences_category_check")),
        PrimaryKeyConstraint("email", "category", name=op.f("notification_preferences_pkey")),
    )
    op.create_table(
        "subject_progress",
        Column("subject", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        PrimaryKeyConstraint("subject", "topic", name=op.f("subject_progress_pkey")),
    )
    op.create_table(
        "suppressions",
        Column("id", Text, nullable=False),
        Column("email", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("detail", Text, nullable=True),
        Column("source_message_id", Text, nullable=True),
        Column("created_by", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=True),
        CheckConstraint("reason IN ('hard_bounce', 'complaint', 'manual')", name=op.f("suppressions_reason_check")),
        CheckConstraint("email = lower(email)", name=op.f("suppressions_email_check")),
        PrimaryKeyConstraint("id", name=op.f("suppressions_pkey")),
        UniqueConstraint("email", name=op.f("suppressions_email_key")),
    )
    op.create_index("suppressions_created_at_idx", "suppressions", ["created_at", "id"], unique=False)
    op.create_table(
        "webhook_endpoints",
        Column("id", Text, nullable=False),
        Column("organization_id", Text, nullable=True),
        Column("url", Text, nullable=False),
        Column("description", Text, server_default="", nullable=False),
        Column("event_types", ARRAY(Text), nullable=False),
        Column("status", Text, server_default="enabled", nullable=False),
        Column("disabled_reason", Text, nullable=True),
        Column("secret", Text, nullable=False),
        Column("previous_secret", Text, nullable=True),
        Column("previous_secret_until", DateTime(timezone=True), nullable=True),
        Column("lease_token", Text, nullable=True),
        Column("lease_until", DateTime(timezone=True), nullable=True),
        Column("refused_in_a_row", Integer, server_default="0", nullable=False),
        Column("contact_email", Text, nullable=True),
        Column("contact_locale", Text, server_default="en", nullable=False),
        Column("created_by", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False),
        CheckConstraint("status IN ('enabled', 'disabled')", name=op.f("webhook_endpoints_status_check")),
        CheckConstraint("cardinality(event_types) > 0", name=op.f("webhook_endpoints_event_types_check")),
        PrimaryKeyConstraint("id", name=op.f("webhook_endpoints_pkey")),
    )
    op.create_index(
        "webhook_endpoints_organization_id_idx", "webhook_endpoints", ["organization_id", "id"], unique=False
    )
    op.create_table(
        "message_attempts",
        Column("id", BigInteger, Identity(always=True), nullable=False),
        Column("message_id", Text, nullable=False),
        Column("number", Integer, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("outcome", Text, nullable=False),
        Column("smtp_code", SmallInteger, nullable=True),
        Column("detail", Text, nullable=True),
        ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("message_attempts_message_id_fkey"), ondelete="CASCADE"
        ),
        PrimaryKeyConstraint("id", name=op.f("message_attempts_pkey")),
    )
    op.create_index("message_attempts_message_id_idx", "message_attempts", ["message_id", "number"], unique=False)
    op.create_table(
        "webhook_deliveries",
        Column("id", Text, nullable=False),
        Column("position", BigInteger, Identity(always=True), nullable=False),
        Column("endpoint_id", Text, nullable=False),
        Column("event_id", Text, nullable=False),
        Column("event_type", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("is_repeat", Boolean, server_default="false", nullable=False),
        Column("status", Text, server_default="pending", nullable=False),
        Column("attempts", Integer, server_default="0", nullable=False),
        Column("next_attempt_at", DateTime(timezone=True), nullable=False),
        Column("response_status", SmallInteger, nullable=True),
        Column("response_body", Text, nullable=True),
        Column("error", Text, nullable=True),
        Column("duration_ms", Integer, nullable=True),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("delivered_at", DateTime(timezone=True), nullable=True),
        CheckConstraint("status IN ('pending', 'delivered', 'failed')", name=op.f("webhook_deliveries_status_check")),
        ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("webhook_deliveries_endpoint_id_fkey"),
            ondelete="CASCADE",
        ),
        PrimaryKeyConstraint("id", name=op.f("webhook_deliveries_pkey")),
        UniqueConstraint("position", name=op.f("webhook_deliveries_position_key")),
    )
    op.create_index(
        "webhook_deliveries_created_at_idx", "webhook_deliveries", ["created_at"], unique=False, postgresql_using="brin"
    )
    op.create_index("webhook_deliveries_endpoint_id_idx", "webhook_deliveries", ["endpoint_id", "id"], unique=False)
    op.create_index(
        "webhook_deliveries_event_idx",
        "webhook_deliveries",
        ["endpoint_id", "event_id"],
        unique=True,
        postgresql_where=text("NOT is_repeat"),
    )
    op.create_index(
        "webhook_deliveries_pending_idx",
        "webhook_deliveries",
        ["endpoint_id", "position"],
        unique=False,
        postgresql_where=text("status = 'pending'"),
    )


def downgrade() -> None:
    """Drop everything."""
    for table in (
        "message_attempts",
        "messages",
        "webhook_deliveries",
        "webhook_endpoints",
        "notification_preferences",
        "subject_progress",
        "suppressions",
    ):
        op.drop_table(table)
    drop_chassis_tables(op)
