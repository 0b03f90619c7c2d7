"""Sign-ins under way. A row alone is worth nothing: verifier and nonce grow from the browser's own cookie."""

from sqlalchemy import Column, Index, Table, Text

from chassis.db.base import timestamp
from gateway.metadata import METADATA

sign_ins = Table(
    "sign_ins",
    METADATA,
    Column("state_hash", Text, primary_key=True),
    Column("secret_hash", Text, nullable=False),
    Column("return_to", Text, nullable=False),
    timestamp("expires_at"),
    Index("sign_ins_expires_at_idx", "expires_at"),
)
