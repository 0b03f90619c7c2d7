"""Accounts, organizations, members, links, second factors, applications, the audit book.

Without it the service cannot start.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.db.migrate import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "accounts",
    "passwords",
    "password_tries",
    "mail_requests",
    "action_links",
    "authenticators",
    "recovery_codes",
    "organizations",
    "memberships",
    "applications",
    "products",
    "entitlements",
    "transfers",
    "audit_entries",
)
REFUSE_CHANGES = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit book is append-only.';
END $$
"""

TEXTS = postgresql.ARRAY(sa.Text())


def upgrade() -> None:
    """Create them all."""
    create_chassis_tables(op)
    _create_accounts()
    _create_organizations()
    _create_applications()
    _create_audit()


def downgrade() -> None:
    """Drop them all."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change")
    drop_chassis_tables(op)


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("status", sa.Text(), server_default="invited", nullable=False),
        sa.Column(
            "operator_roles", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tokens_not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pending_email", sa.Text(), nullable=True),
        sa.Column("pending_email_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("locale IN ('en', 'fr', 'de', 'it')", name=op.f("accounts_locale_check")),
        sa.CheckConstraint("status IN ('invited', 'active', 'disabled')", name=op.f("accounts_status_check")),
        sa.CheckConstraint("email = lower(email)", name=op.f("accounts_email_lower_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("accounts_pkey")),
        sa.UniqueConstraint("email", name=op.f("accounts_email_key")),
    )
    op.create_index("accounts_status_idx", "accounts", ["status", "id"], unique=False)
    op.create_index(
        "accounts_pending_email_idx",
        "accounts",
        ["pending_email"],
        unique=False,
        postgresql_where=sa.text("pending_email IS NOT NULL"),
    )
    op.create_table(
        "passwords",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("passwords_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("passwords_pkey")),
    )
    op.create_table(
        "password_tries",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("password_tries_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("password_tries_pkey")),
    )
    op.create_table(
        "mail_requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("mail_requests_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("mail_requests_pkey")),
    )
    op.create_index("mail_requests_account_id_idx", "mail_requests", ["account_id", "requested_at"], unique=False)
    op.create_table(
        "action_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("new_email", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.Text(), nullable=True),
        sa.CheckConstraint("ended_as IN ('used', 'superseded', 'withdrawn')", name=op.f("action_links_ended_as_check")),
        sa.CheckConstraint("purpose IN ('activation', 'recovery', 'email')", name=op.f("action_links_purpose_check")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("action_links_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("action_links_pkey")),
        sa.UniqueConstraint("digest", name=op.f("action_links_digest_key")),
    )
    op.create_index(
        "action_links_account_id_idx",
        "action_links",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "authenticators",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("authenticators_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("authenticators_pkey")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("recovery_codes_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("recovery_codes_pkey")),
    )


def _create_organizations() -> None:
    op.create_table(
        "organizations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("vat_id", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), server_default="new", nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("organizations_country_check")),
        sa.CheckConstraint("locale IN ('en', 'fr', 'de', 'it')", name=op.f("organizations_locale_check")),
        sa.CheckConstraint("origin IN ('new', 'transferred')", name=op.f("organizations_origin_check")),
        sa.CheckConstraint("status IN ('active', 'withdrawn')", name=op.f("organizations_status_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("organizations_pkey")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "roles <@ ARRAY['owner', 'buyer', 'license_manager', 'member'] AND cardinality(roles) > 0",
            name=op.f("memberships_roles_check"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("memberships_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("memberships_organization_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("memberships_pkey")),
        sa.UniqueConstraint("organization_id", "account_id", name=op.f("memberships_organization_id_account_id_key")),
    )
    op.create_index("memberships_account_id_idx", "memberships", ["account_id"], unique=False)


def _create_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("description", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("category", sa.Text(), server_default="applications", nullable=False),
        sa.Column("launch_url", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("visibility", sa.Text(), server_default="entitled", nullable=False),
        sa.Column(
            "visible_to_roles", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("only_transferred", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="100", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code ~ '^[a-z0-9][a-z0-9._\\-]{0,63}$'", name=op.f("applications_code_check")),
        sa.CheckConstraint(
            "visibility IN ('entitled', 'everyone', 'roles')", name=op.f("applications_visibility_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("applications_pkey")),
        sa.UniqueConstraint("code", name=op.f("applications_code_key")),
    )
    op.create_table(
        "products",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("applications", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("products_pkey")),
    )
    op.create_table(
        "entitlements",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("grants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("email", "product_code", name=op.f("entitlements_pkey")),
    )
    op.create_index("entitlements_product_code_idx", "entitlements", ["product_code"], unique=False)
    op.create_table(
        "transfers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("transfers_pkey")),
    )


def _create_audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column(
            "data", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_entries_pkey")),
    )
    op.create_index("audit_entries_organization_id_idx", "audit_entries", ["organization_id", "id"], unique=False)
    op.create_index("audit_entries_target_idx", "audit_entries", ["target", "id"], unique=False)
    op.execute(REFUSE_CHANGES)
    op.execute(
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
