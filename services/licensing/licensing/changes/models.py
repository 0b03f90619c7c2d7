"""How pending announcements are stored."""

from sqlalchemy import BigInteger, Column, Identity, Table, Text

from licensing.metadata import metadata

entitlement_changes = Table(
    "entitlement_changes",
    metadata,
    Column("no", BigInteger, Identity(always=True), primary_key=True),
    Column("email", Text, nullable=False),
    Column("product_code", Text, nullable=False),
)
