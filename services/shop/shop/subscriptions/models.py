"""Subscriptions. What the rules explain, the constraints guarantee."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    Integer,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import day, id_column, minor_units, timestamp
from shop.schema import metadata

PAYING_METHOD = "CASE WHEN status <> 'ended' THEN payment_method_id END"

subscription_numbers = Sequence("subscription_numbers", metadata=metadata)

subscriptions = Table(
    "subscriptions",
    metadata,
    id_column(),
    Column("number", Text, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("product_code", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("interval", Text, nullable=False),
    minor_units("unit_price_minor"),
    Column("currency", Text, nullable=False),
    Column("tax_mode", Text, nullable=False),
    day("started_on"),
    day("term_first_day"),
    day("term_last_day"),
    day("next_renewal_on"),
    Column("status", Text, nullable=False),
    Column("cancel_at_term_end", Boolean, nullable=False),
    Column("pending_quantity", Integer),
    Column("pending_release", JSONB),
    Column("payment_method_id", Text),
    Column(
        "paying_method_id", Text, Computed("CASE WHEN status <> 'ended' THEN payment_method_id END", persisted=True)
    ),
    Column("pays_with_usable", Boolean, Computed("true", persisted=True)),
    Column("billing_owner", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("origin", Text, nullable=False),
    Column("transfer_id", Text),
    Column("legacy_id", Text),
    Column("invoice_number", Text),
    Column("order_id", Text),
    Column("renewal_order_id", Text),
    minor_units("expected_renewal_minor", nullable=True),
    Column("held_reason", Text),
    day("past_due_since", nullable=True),
    day("grace_until", nullable=True),
    Column("failed_attempts", SmallInteger, nullable=False),
    timestamp("due_at", nullable=True),
    Column("ended_reason", Text),
    timestamp("ended_at", nullable=True),
    timestamp("created_at"),
    CheckConstraint("status IN ('active', 'past_due', 'ended')", name="status"),
    CheckConstraint("interval IN ('month', 'year')", name="interval"),
    CheckConstraint("quantity > 0 AND unit_price_minor >= 0", name="amounts"),
    CheckConstraint("tax_mode IN ('net', 'gross')", name="tax_mode"),
    CheckConstraint("term_first_day <= term_last_day AND next_renewal_on > term_last_day", name="term"),
    CheckConstraint("billing_owner IN ('old_shop', 'none', 'new_shop')", name="billing_owner"),
    # Exactly one biller: only what is billed here can ever fall due here.
    CheckConstraint("due_at IS NULL OR billing_owner = 'new_shop'", name="only_new_shop_falls_due"),
    CheckConstraint("due_at IS NULL OR status <> 'ended'", name="ended_is_never_due"),
    CheckConstraint("origin IN ('new', 'transferred')", name="origin"),
    # The payment method of a live subscription stays usable: removing it breaks this key.
    ForeignKeyConstraint(
        ["paying_method_id", "pays_with_usable"],
        ["payment_methods.id", "payment_methods.is_usable"],
        name="subscriptions_paying_method_fkey",
    ),
    UniqueConstraint("organization_id", "legacy_id"),
    Index("subscriptions_number_idx", "number", unique=True, postgresql_where=text("origin = 'new'")),
    Index("subscriptions_organization_idx", "organization_id", "id"),
    Index("subscriptions_due_at_idx", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("subscriptions_transfer_idx", "transfer_id", postgresql_where=text("transfer_id IS NOT NULL")),
    Index("subscriptions_paying_method_idx", "paying_method_id"),
)
