"""What the App Portal can open, and what we know of products and entitlements from their owners' events."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

applications = Table(
    "applications",
    metadata,
    id_column(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", JSONB, nullable=False),
    Column("description", JSONB, nullable=False),
    Column("category", Text, nullable=False, server_default="applications"),
    Column("launch_url", Text, nullable=False),
    Column("icon", Text),
    Column("client_id", Text),
    Column("visibility", Text, nullable=False, server_default="entitled"),
    Column("visible_to_roles", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("only_transferred", Boolean, nullable=False, server_default=text("false")),
    Column("position", Integer, nullable=False, server_default="100"),
    Column("revision", Integer, nullable=False, server_default="1"),
    timestamp("created_at"),
    CheckConstraint("visibility IN ('entitled', 'everyone', 'roles')", name="visibility"),
    CheckConstraint(r"code ~ '^[a-z0-9][a-z0-9._\-]{0,63}$'", name="code"),
)

products = Table(
    "products",
    metadata,
    Column("code", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("name", JSONB, nullable=False),
    Column("applications", ARRAY(Text), nullable=False),
)

entitlements = Table(
    "entitlements",
    metadata,
    Column("email", Text, primary_key=True),
    Column("product_code", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("grants", JSONB, nullable=False),
    Index("entitlements_product_code_idx", "product_code"),
)
