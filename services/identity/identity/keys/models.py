"""How signing keys are stored: the public half in the open, the private half sealed."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import timestamp
from identity.metadata import metadata

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("algorithm", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("public_jwk", JSONB, nullable=False),
    Column("sealed_private_jwk", LargeBinary, nullable=False),
    timestamp("created_at"),
    timestamp("activated_at", nullable=True),
    timestamp("retired_at", nullable=True),
    CheckConstraint("state IN ('next', 'active', 'retired')", name="state"),
    Index(
        "signing_keys_one_of_each_idx",
        "algorithm",
        "state",
        unique=True,
        postgresql_where=text("state IN ('next', 'active')"),
    ),
)
