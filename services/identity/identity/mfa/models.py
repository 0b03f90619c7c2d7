"""Second factors: one authenticator application per account, and codes for the day it is lost."""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Table, Text, text

from chassis.db.base import timestamp
from identity.metadata import metadata

authenticators = Table(
    "authenticators",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("last_step", BigInteger, nullable=False, server_default="0"),
    timestamp("created_at", server_default=text("now()")),
    timestamp("confirmed_at", nullable=True),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    timestamp("created_at", server_default=text("now()")),
    timestamp("used_at", nullable=True),
)
