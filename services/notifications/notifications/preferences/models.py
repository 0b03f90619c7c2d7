"""What people chose; no row means the category's default."""

from sqlalchemy import Boolean, CheckConstraint, Column, Table, Text

from chassis.db.base import timestamp
from notifications.metadata import metadata

preferences = Table(
    "notification_preferences",
    metadata,
    Column("email", Text, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("is_enabled", Boolean, nullable=False),
    timestamp("changed_at"),
    CheckConstraint(
        "category IN ('service', 'seats_low', 'seats_waiting', 'license_expiring', 'marketing')", name="category"
    ),
)
