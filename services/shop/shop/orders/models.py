"""Orders and their lines."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import day, id_column, minor_units, timestamp
from shop.schema import metadata

order_numbers = Sequence("order_numbers", metadata=metadata)

orders = Table(
    "orders",
    metadata,
    id_column(),
    Column("number", Text, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("currency", Text, nullable=False),
    minor_units("net_minor"),
    minor_units("tax_minor"),
    minor_units("total_minor"),
    Column("tax_mode", Text, nullable=False),
    Column("tax", JSONB, nullable=False),
    Column("purchase_order_number", Text),
    Column("payment_method_id", Text),
    Column("invoice_number", Text),
    Column("failure_code", Text),
    Column("subscription_id", Text),
    day("term_first_day", nullable=True),
    Column("billing_owner", Text, nullable=False),
    Column("fence", Integer),
    Column("change", JSONB),
    Column("origin", Text, nullable=False),
    Column("legacy_id", Text),
    Column("placed_by", Text, nullable=False),
    timestamp("placed_at"),
    timestamp("paid_at", nullable=True),
    CheckConstraint("kind IN ('purchase', 'renewal', 'quantity_change', 'transferred')", name="kind"),
    CheckConstraint(
        "status IN ('placed', 'action_required', 'paid', 'failed', 'refunded', 'cancelled')", name="status"
    ),
    CheckConstraint("origin IN ('new', 'transferred')", name="origin"),
    CheckConstraint("origin = 'transferred' OR total_minor = net_minor + tax_minor", name="total"),
    # Exactly one biller: an order that charges for a term exists only where the subscription is billed here.
    CheckConstraint("kind = 'transferred' OR billing_owner = 'new_shop'", name="only_new_shop_charges"),
    UniqueConstraint("organization_id", "legacy_id"),
    Index("orders_number_idx", "number", unique=True, postgresql_where=text("origin = 'new'")),
    Index("orders_organization_idx", "organization_id", "placed_at", "id"),
    Index("orders_subscription_idx", "subscription_id", postgresql_where=text("subscription_id IS NOT NULL")),
    # A term of a subscription is billed once, however many sweeps run at once and however far the clock jumps.
    Index(
        "orders_one_renewal_per_term_idx",
        "subscription_id",
        "term_first_day",
        unique=True,
        postgresql_where=text("kind = 'renewal'"),
    ),
)

order_lines = Table(
    "order_lines",
    metadata,
    id_column(),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("product_code", Text, nullable=False),
    Column("product_name", JSONB, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("quantity", Integer, nullable=False),
    Column("interval", Text),
    minor_units("unit_price_minor"),
    minor_units("net_minor"),
    Column("subscription_id", Text),
    UniqueConstraint("order_id", "line_no"),
    Index("order_lines_subscription_idx", "subscription_id"),
)
