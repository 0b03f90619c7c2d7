"""How authorization requests, codes and tokens are stored: digests only."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, Text, column, table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.db.base import timestamp
from identity.metadata import metadata

authorization_requests = Table(
    "authorization_requests",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("pushed_digest", Text),
    Column("account_id", Text),
    Column("is_account_chosen", Boolean, nullable=False, server_default="false"),
    Column("is_consented", Boolean, nullable=False, server_default="false"),
    timestamp("created_at"),
    timestamp("expires_at"),
    timestamp("used_at", nullable=True),
    CheckConstraint("kind IN ('pushed', 'interaction')", name="kind"),
    Index("authorization_requests_expires_at_idx", "expires_at"),
)
"""`pushed`: sent ahead by the client (RFC 9126); `interaction`: waiting for the person to sign in or agree."""

authorization_codes = Table(
    "authorization_codes",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("grant_id", Text, ForeignKey("grants.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("code_challenge", Text),
    Column("nonce", Text),
    Column("dpop_thumbprint", Text),
    timestamp("expires_at"),
    timestamp("used_at", nullable=True),
    Index("authorization_codes_expires_at_idx", "expires_at"),
    Index("authorization_codes_grant_id_idx", "grant_id"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("grant_id", Text, ForeignKey("grants.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("dpop_thumbprint", Text),
    timestamp("issued_at"),
    timestamp("expires_at"),
    timestamp("used_at", nullable=True),
    Index("refresh_tokens_expires_at_idx", "expires_at"),
    Index("refresh_tokens_grant_id_idx", "grant_id"),
)

revoked_access_tokens = Table(
    "revoked_access_tokens",
    metadata,
    Column("jti", Text, primary_key=True),
    timestamp("expires_at"),
    Index("revoked_access_tokens_expires_at_idx", "expires_at"),
)

spent_proofs = Table(
    "spent_proofs",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("jti", Text, primary_key=True),
    timestamp("expires_at"),
    Index("spent_proofs_expires_at_idx", "expires_at"),
)
"""Client assertions (RFC 7523 §3) and DPoP proofs (RFC 9449 §11.1) that were presented once already."""

people = table(
    "people",
    column("account_id"),
    column("email"),
    column("name"),
    column("locale"),
    column("status"),
    column("operator_roles"),
    column("tokens_not_before"),
    column("memberships", JSONB),
)
"""A view over accounts, memberships and organizations: everything a token tells of a person, in one row."""

grant_states = table(
    "grant_states",
    column("grant_id"),
    column("account_id"),
    column("client_id"),
    column("session_id"),
    column("is_tied_to_session"),
    column("organization_id"),
    column("scopes"),
    column("amr"),
    column("authenticated_at"),
    column("created_at"),
    column("revoked_at"),
    column("session_kind"),
    column("session_last_seen_at"),
    column("session_expires_at"),
    column("session_ended_at"),
)
"""A view over grants and their sessions."""
