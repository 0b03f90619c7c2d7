"""How many tries there were lately, by what is tried and from where."""

from sqlalchemy import Column, Index, Integer, Table, Text

from chassis.db.base import timestamp
from identity.metadata import metadata

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("attempts", Integer, nullable=False),
    timestamp("last_at"),
    timestamp("blocked_until", nullable=True),
    Index("sign_in_attempts_last_at_idx", "last_at"),
)
"""Keys are digests: an address that does not exist leaves no trace of itself."""
