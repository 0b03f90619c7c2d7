"""Customers, and the people of their organizations as identity tells of them."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, Table, Text, false
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import timestamp
from shop.schema import metadata

# The region is not stored: it follows from the country, so a region that gains a country gains its customers.
customers = Table(
    "customers",
    metadata,
    Column("organization_id", Text, primary_key=True),
    Column("company", Text, nullable=False),
    Column("email", Text),
    Column("first_name", Text, nullable=False, server_default=""),
    Column("last_name", Text, nullable=False, server_default=""),
    Column("country", Text, nullable=False, index=True),
    Column("organization_country", Text),
    Column("locale", Text),
    Column("time_zone", Text),
    Column("street", Text, nullable=False, server_default=""),
    Column("postal_code", Text, nullable=False, server_default=""),
    Column("city", Text, nullable=False, server_default=""),
    Column("phone", Text, nullable=False, server_default=""),
    Column("vat_id", Text),
    Column("vat_status", Text, nullable=False, server_default="none"),
    Column("status", Text, nullable=False, server_default="active"),
    Column("hold_reason", Text),
    Column("origin", Text, nullable=False, server_default="new"),
    Column("legacy_id", Text, unique=True),
    Column("version", Integer, nullable=False, server_default="1"),
    timestamp("created_at"),
    timestamp("changed_at"),
    CheckConstraint("status IN ('active', 'held', 'erased')", name="status"),
    CheckConstraint("origin IN ('new', 'transferred')", name="origin"),
    CheckConstraint("vat_status IN ('none', 'valid_form', 'invalid')", name="vat_status"),
    Index("customers_email_idx", "email"),
)

members = Table(
    "members",
    metadata,
    Column("member_id", Text, primary_key=True),
    Column("organization_id", Text, nullable=False, index=True),
    Column("account_id", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("is_removed", Boolean, nullable=False, server_default=false()),
    Index("members_email_idx", "email"),
)
