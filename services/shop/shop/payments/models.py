"""Charges: the shop's own memory of what it asked the payment provider to collect."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import id_column, minor_units, timestamp
from shop.schema import metadata

charges = Table(
    "charges",
    metadata,
    id_column(),
    Column("order_id", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("organization_id", Text, nullable=False, index=True),
    Column("payment_method_id", Text, nullable=False),
    Column("instrument", JSONB, nullable=False),
    minor_units("amount_minor"),
    Column("currency", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("failure_code", Text),
    Column("action_url", Text),
    Column("provider_charge", Text),
    timestamp("ask_at", nullable=True),
    timestamp("created_at"),
    timestamp("settled_at", nullable=True),
    CheckConstraint(
        "status IN ('created', 'unknown', 'action_required', 'pending', 'succeeded', 'declined', 'refunded')",
        name="status",
    ),
    CheckConstraint("purpose IN ('purchase', 'renewal', 'quantity_change')", name="purpose"),
    CheckConstraint("amount_minor > 0", name="amount"),
    UniqueConstraint("order_id", "attempt"),
    # While one attempt's outcome is open no second one can begin: nobody pays twice.
    Index(
        "charges_one_open_idx",
        "order_id",
        unique=True,
        postgresql_where=text("status IN ('created', 'unknown', 'action_required', 'pending')"),
    ),
    Index("charges_ask_at_idx", "ask_at", postgresql_where=text("ask_at IS NOT NULL")),
)

sandbox_methods = Table(
    "sandbox_methods",
    metadata,
    id_column(),
    Column("customer", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("last4", Text, nullable=False),
    timestamp("created_at"),
)

sandbox_charges = Table(
    "sandbox_charges",
    metadata,
    Column("idempotency_key", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("method", Text, nullable=False),
    minor_units("amount_minor"),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("failure_code", Text),
    timestamp("created_at"),
)
