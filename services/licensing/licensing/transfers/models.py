"""How transfers are stored."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text, text

from chassis.db.base import id_column, timestamp
from licensing.metadata import metadata

transfers = Table(
    "transfers",
    metadata,
    id_column(),
    Column("organization_id", Text, nullable=False),
    Column("buyer_email", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    timestamp("happened_at"),
    CheckConstraint("state IN ('pending', 'transferred', 'rolled_back')", name="state"),
    Index("transfers_waiting_idx", "buyer_email", postgresql_where=text("state <> 'transferred'")),
)
