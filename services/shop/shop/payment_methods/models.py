"""Payment methods: tokens of the payment provider with what a customer recognises them by."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint, text, true

from chassis.db.base import day, id_column, timestamp
from shop.schema import metadata

payment_methods = Table(
    "payment_methods",
    metadata,
    id_column(),
    Column("organization_id", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("provider_customer", Text, nullable=False),
    Column("provider_method", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("last4", Text, nullable=False),
    Column("exp_month", Integer),
    Column("exp_year", Integer),
    Column("mandate_reference", Text),
    day("mandate_signed_on", nullable=True),
    Column("is_default", Boolean, nullable=False),
    Column("is_usable", Boolean, nullable=False, server_default=true()),
    Column("origin", Text, nullable=False),
    Column("legacy_id", Text),
    timestamp("created_at"),
    CheckConstraint("kind IN ('card', 'sepa_debit')", name="kind"),
    CheckConstraint("kind <> 'sepa_debit' OR mandate_reference IS NOT NULL", name="sepa_has_mandate"),
    CheckConstraint("is_usable OR NOT is_default", name="default_is_usable"),
    CheckConstraint("length(last4) <= 4", name="last4"),
    # Live subscriptions point at (id, is_usable = true): a method that pays one cannot be removed.
    UniqueConstraint("id", "is_usable"),
    UniqueConstraint("organization_id", "legacy_id"),
    Index("payment_methods_one_default_idx", "organization_id", unique=True, postgresql_where=text("is_default")),
)
