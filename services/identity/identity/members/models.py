"""Memberships: an account's roles in an organization."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

memberships = Table(
    "memberships",
    metadata,
    id_column(),
    Column("organization_id", Text, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    timestamp("created_at"),
    UniqueConstraint("organization_id", "account_id"),
    CheckConstraint(
        "roles <@ ARRAY['owner', 'buyer', 'license_manager', 'member'] AND cardinality(roles) > 0", name="roles"
    ),
    Index("memberships_account_id_idx", "account_id"),
)
