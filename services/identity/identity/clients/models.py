"""How OAuth clients and their secrets are stored."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.db.base import id_column, timestamp
from identity.metadata import metadata

EMPTY_LIST = text("'{}'::text[]")

clients = Table(
    "clients",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("is_built_in", Boolean, nullable=False),
    Column("is_first_party", Boolean, nullable=False),
    Column("application_type", Text, nullable=False),
    Column("organization_id", Text, ForeignKey("organizations.id"), index=True),
    Column("products", ARRAY(Text), nullable=False, server_default=EMPTY_LIST),
    Column("scopes", ARRAY(Text), nullable=False, server_default=EMPTY_LIST),
    Column("grant_types", ARRAY(Text), nullable=False, server_default=EMPTY_LIST),
    Column("token_endpoint_auth_method", Text, nullable=False),
    Column("redirect_uris", ARRAY(Text), nullable=False, server_default=EMPTY_LIST),
    Column("post_logout_redirect_uris", ARRAY(Text), nullable=False, server_default=EMPTY_LIST),
    Column("backchannel_logout_uri", Text),
    Column("require_pkce", Boolean, nullable=False),
    Column("require_pushed_authorization_requests", Boolean, nullable=False),
    Column("dpop_bound_access_tokens", Boolean, nullable=False),
    Column("id_token_signed_response_alg", Text, nullable=False),
    Column("jwks", JSONB),
    Column("about", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    timestamp("created_at"),
    timestamp("changed_at"),
    CheckConstraint("status IN ('active', 'disabled', 'deleted')", name="status"),
    CheckConstraint("application_type IN ('web', 'native')", name="application_type"),
)
"""`about` holds what people read only: client_uri, logo_uri, policy_uri, tos_uri, contacts."""

client_secrets = Table(
    "client_secrets",
    metadata,
    id_column(),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    Column("digest", Text, nullable=False),
    timestamp("created_at"),
    Index("client_secrets_client_id_created_at_idx", "client_id", "created_at"),
)
