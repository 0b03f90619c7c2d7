"""What was last heard of each transfer, so that an older word changes nothing."""

from sqlalchemy import BigInteger, Column, Table, Text

from identity.metadata import metadata

transfers = Table(
    "transfers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("state", Text, nullable=False),
)
