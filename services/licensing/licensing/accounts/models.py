"""How accounts are stored: an address each, and how new the word of it is."""

from sqlalchemy import BigInteger, Column, Table, Text

from chassis.db.base import id_column
from licensing.metadata import metadata

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    Column("email", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
