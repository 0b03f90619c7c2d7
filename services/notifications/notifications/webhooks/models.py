"""Partners' endpoints, and what is delivered to them."""

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
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.base import id_column, timestamp
from notifications.metadata import metadata

endpoints = Table(
    "webhook_endpoints",
    metadata,
    id_column(),
    Column("organization_id", Text),
    Column("url", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("event_types", ARRAY(Text), nullable=False),
    Column("status", Text, nullable=False, server_default="enabled"),
    Column("disabled_reason", Text),
    Column("secret", Text, nullable=False),
    Column("previous_secret", Text),
    timestamp("previous_secret_until", nullable=True),
    Column("lease_token", Text),
    timestamp("lease_until", nullable=True),
    Column("refused_in_a_row", Integer, nullable=False, server_default="0"),
    Column("contact_email", Text),
    Column("contact_locale", Text, nullable=False, server_default="en"),
    Column("created_by", Text, nullable=False),
    timestamp("created_at"),
    timestamp("updated_at"),
    CheckConstraint("status IN ('enabled', 'disabled')", name="status"),
    CheckConstraint("cardinality(event_types) > 0", name="event_types"),
    Index("webhook_endpoints_organization_id_idx", "organization_id", "id"),
)
"""`organization_id` null: events of every organization (the vendor's own integrations). Secrets are encrypted."""

deliveries = Table(
    "webhook_deliveries",
    metadata,
    id_column(),
    Column("position", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("endpoint_id", Text, ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("is_repeat", Boolean, nullable=False, server_default="false"),
    Column("status", Text, nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    timestamp("next_attempt_at"),
    Column("response_status", SmallInteger),
    Column("response_body", Text),
    Column("error", Text),
    Column("duration_ms", Integer),
    timestamp("created_at"),
    timestamp("delivered_at", nullable=True),
    CheckConstraint("status IN ('pending', 'delivered', 'failed')", name="status"),
    Index(
        "webhook_deliveries_event_idx",
        "endpoint_id",
        "event_id",
        unique=True,
        postgresql_where=text("NOT is_repeat"),
    ),
    Index(
        "webhook_deliveries_pending_idx",
        "endpoint_id",
        "position",
        postgresql_where=text("status = 'pending'"),
    ),
    Index("webhook_deliveries_endpoint_id_idx", "endpoint_id", "id"),
    Index("webhook_deliveries_created_at_idx", "created_at", postgresql_using="brin"),
)
"""One row per event and endpoint; an endpoint gets its pending ones in the order of `position`."""
