"""How licenses and their seats are stored."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import day, id_column, timestamp
from licensing.metadata import metadata

licenses = Table(
    "licenses",
    metadata,
    id_column(),
    Column("organization_id", Text, nullable=False),
    Column("product_code", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("subscription_id", Text),
    Column("subscription_number", Text),
    Column("invoice_number", Text),
    Column("transfer_id", Text),
    Column("legacy_id", Text),
    Column("buyer", JSONB),
    Column("buyer_email", Text),
    day("starts_on"),
    day("first_day"),
    day("last_day", nullable=True),
    Column("renews", Boolean, nullable=False),
    Column("past_due", Boolean, nullable=False, server_default=text("false")),
    day("grace_until", nullable=True),
    timestamp("ended_at", nullable=True),
    Column("ended_reason", Text),
    Column("quantity", Integer, nullable=False),
    Column("over_quantity", Integer, nullable=False, server_default=text("0")),
    Column("units_total", BigInteger),
    Column("units_used", BigInteger, nullable=False, server_default=text("0")),
    # What the facts above amount to as instants in the organization's time zone; see rules.standing.
    timestamp("access_from"),
    timestamp("assured_until", nullable=True),
    timestamp("access_until", nullable=True),
    Column("lapse", Text, nullable=False),
    Column("announced", Text, nullable=False),
    timestamp("look_again_at", nullable=True),
    Column("sequence", BigInteger, nullable=False, server_default=text("0")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    timestamp("created_at"),
    timestamp("updated_at"),
    # When to look whether seats still wait for somebody; null: not again.
    timestamp("remind_at", nullable=True),
    UniqueConstraint("subscription_id"),
    UniqueConstraint("organization_id", "legacy_id"),
    CheckConstraint("origin IN ('subscription', 'transferred', 'one_off')", name="origin"),
    CheckConstraint("quantity >= 1", name="quantity"),
    CheckConstraint("over_quantity >= 0", name="over_quantity"),
    CheckConstraint("last_day >= first_day", name="term"),
    CheckConstraint("units_used >= 0 AND units_used <= units_total", name="units"),
    Index("licenses_organization_product_idx", "organization_id", "product_code", "id"),
    Index("licenses_look_again_idx", "look_again_at", postgresql_where=text("look_again_at IS NOT NULL")),
    Index("licenses_remind_idx", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
    Index("licenses_transfer_idx", "transfer_id", postgresql_where=text("transfer_id IS NOT NULL")),
    Index("licenses_one_off_idx", "buyer_email", "product_code", postgresql_where=text("origin = 'one_off'")),
)

seats = Table(
    "seats",
    metadata,
    Column("no", BigInteger, Identity(always=True), primary_key=True),
    Column("license_id", Text, ForeignKey("licenses.id"), nullable=False),
    Column("slot", Integer, nullable=False),
    timestamp("retired_at", nullable=True),
    # A retired seat cannot be held: assignments refer to (no, is_live) while they hold it.
    Column("is_live", Boolean, Computed("retired_at IS NULL", persisted=True), nullable=False),
    UniqueConstraint("license_id", "slot"),
    UniqueConstraint("license_id", "no", "is_live"),
    CheckConstraint("slot >= 1", name="slot"),
)

usages = Table(
    "usages",
    metadata,
    Column("license_id", Text, ForeignKey("licenses.id"), primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("units", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    timestamp("used_at"),
    CheckConstraint("units > 0", name="units"),
)
