"""Regions, catalogue, customers, payment methods, charges, orders, invoices, subscriptions.

Without it there is nothing to sell. The constraints are the guarantees that the rules rely on: one region per country,
one open charge per order, one renewal order per subscription and term, one invoice per order, nothing due that is not
billed here, and no live subscription whose payment method was removed.
"""

from alembic import op

from chassis.db.migrate import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE SEQUENCE order_numbers
    """,
    """
    CREATE SEQUENCE subscription_numbers
    """,
    """
    CREATE TABLE charges (
        id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        payment_method_id TEXT NOT NULL,
        instrument JSONB NOT NULL,
        amount_minor BIGINT NOT NULL,
        currency TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        status TEXT NOT NULL,
        failure_code TEXT,
        action_url TEXT,
        provider_charge TEXT,
        ask_at TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        settled_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT charges_pkey PRIMARY KEY (id),
        CONSTRAINT charges_status_check
            CHECK (status IN ('created', 'unknown', 'action_required', 'succeeded', 'declined', 'refunded')),
        CONSTRAINT charges_purpose_check CHECK (purpose IN ('purchase', 'renewal', 'quantity_change')),
        CONSTRAINT charges_amount_check CHECK (amount_minor > 0),
        CONSTRAINT charges_order_id_attempt_key UNIQUE (order_id, attempt),
        CONSTRAINT charges_idempotency_key_key UNIQUE (idempotency_key)
    )
    """,
    """
    CREATE INDEX charges_ask_at_idx ON charges (ask_at) WHERE ask_at IS NOT NULL
    """,
    """
    CREATE UNIQUE INDEX charges_one_open_idx ON charges (order_id)
        WHERE status IN ('created', 'unknown', 'action_required')
    """,
    """
    CREATE INDEX charges_organization_id_idx ON charges (organization_id)
    """,
    """
    CREATE TABLE customers (
        organization_id TEXT NOT NULL,
        company TEXT NOT NULL,
        email TEXT,
        first_name TEXT DEFAULT '' NOT NULL,
        last_name TEXT DEFAULT '' NOT NULL,
        country TEXT NOT NULL,
        organization_country TEXT,
        locale TEXT,
        time_zone TEXT,
        street TEXT DEFAULT '' NOT NULL,
        postal_code TEXT DEFAULT '' NOT NULL,
        city TEXT DEFAULT '' NOT NULL,
        phone TEXT DEFAULT '' NOT NULL,
        vat_id TEXT,
        vat_status TEXT DEFAULT 'none' NOT NULL,
        status TEXT DEFAULT 'active' NOT NULL,
        hold_reason TEXT,
        origin TEXT DEFAULT 'new' NOT NULL,
        legacy_id TEXT,
        version INTEGER DEFAULT '1' NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT customers_pkey PRIMARY KEY (organization_id),
        CONSTRAINT customers_status_check CHECK (status IN ('active', 'held', 'erased')),
        CONSTRAINT customers_origin_check CHECK (origin IN ('new', 'transferred')),
        CONSTRAINT customers_vat_status_check CHECK (vat_status IN ('none', 'valid_form', 'invalid')),
        CONSTRAINT customers_legacy_id_key UNIQUE (legacy_id)
    )
    """,
    """
    CREATE INDEX customers_country_idx ON customers (country)
    """,
    """
    CREATE INDEX customers_email_idx ON customers (email)
    """,
    """
    CREATE TABLE invoice_series (
        series TEXT NOT NULL,
        last BIGINT NOT NULL,
        CONSTRAINT invoice_series_pkey PRIMARY KEY (series)
    )
    """,
    """
    CREATE TABLE invoices (
        id TEXT NOT NULL,
        number TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        order_number TEXT NOT NULL,
        issued_on DATE NOT NULL,
        currency TEXT NOT NULL,
        net_minor BIGINT NOT NULL,
        tax_minor BIGINT NOT NULL,
        total_minor BIGINT NOT NULL,
        status TEXT NOT NULL,
        origin TEXT NOT NULL,
        document JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT invoices_pkey PRIMARY KEY (id),
        CONSTRAINT invoices_status_check CHECK (status IN ('paid', 'refunded', 'cancelled', 'failed')),
        CONSTRAINT invoices_origin_check CHECK (origin IN ('new', 'transferred')),
        CONSTRAINT invoices_order_id_key UNIQUE (order_id)
    )
    """,
    """
    CREATE UNIQUE INDEX invoices_number_idx ON invoices (number) WHERE origin = 'new'
    """,
    """
    CREATE INDEX invoices_organization_idx ON invoices (organization_id, issued_on, id)
    """,
    """
    CREATE TABLE members (
        member_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        email TEXT NOT NULL,
        name TEXT NOT NULL,
        roles JSONB NOT NULL,
        status TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        is_removed BOOLEAN DEFAULT false NOT NULL,
        CONSTRAINT members_pkey PRIMARY KEY (member_id)
    )
    """,
    """
    CREATE INDEX members_email_idx ON members (email)
    """,
    """
    CREATE INDEX members_organization_id_idx ON members (organization_id)
    """,
    """
    CREATE TABLE orders (
        id TEXT NOT NULL,
        number TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        status TEXT NOT NULL,
        currency TEXT NOT NULL,
        net_minor BIGINT NOT NULL,
        tax_minor BIGINT NOT NULL,
        total_minor BIGINT NOT NULL,
        tax_mode TEXT NOT NULL,
        tax JSONB NOT NULL,
        purchase_order_number TEXT,
        payment_method_id TEXT,
        invoice_number TEXT,
        failure_code TEXT,
        subscription_id TEXT,
        term_first_day DATE,
        billing_owner TEXT NOT NULL,
        fence INTEGER,
        change JSONB,
        origin TEXT NOT NULL,
        legacy_id TEXT,
        placed_by TEXT NOT NULL,
        placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        paid_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT orders_pkey PRIMARY KEY (id),
        CONSTRAINT orders_kind_check CHECK (kind IN ('purchase', 'renewal', 'quantity_change', 'transferred')),
        CONSTRAINT orders_status_check
            CHECK (status IN ('placed', 'action_required', 'paid', 'failed', 'refunded', 'cancelled')),
        CONSTRAINT orders_origin_check CHECK (origin IN ('new', 'transferred')),
        CONSTRAINT orders_total_check CHECK (origin = 'transferred' OR total_minor = net_minor + tax_minor),
        CONSTRAINT orders_only_new_shop_charges_check CHECK (kind = 'transferred' OR billing_owner = 'new_shop'),
        CONSTRAINT orders_organization_id_legacy_id_key UNIQUE (organization_id, legacy_id)
    )
    """,
    """
    CREATE UNIQUE INDEX orders_number_idx ON orders (number) WHERE origin = 'new'
    """,
    """
    CREATE UNIQUE INDEX orders_one_renewal_per_term_idx ON orders (subscription_id, term_first_day)
        WHERE kind = 'renewal'
    """,
    """
    CREATE INDEX orders_organization_idx ON orders (organization_id, placed_at, id)
    """,
    """
    CREATE INDEX orders_subscription_idx ON orders (subscription_id) WHERE subscription_id IS NOT NULL
    """,
    """
    CREATE TABLE payment_methods (
        id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        provider TEXT NOT NULL,
        provider_customer TEXT NOT NULL,
        provider_method TEXT NOT NULL,
        kind TEXT NOT NULL,
        brand TEXT NOT NULL,
        last4 TEXT NOT NULL,
        exp_month INTEGER,
        exp_year INTEGER,
        mandate_reference TEXT,
        mandate_signed_on DATE,
        is_default BOOLEAN NOT NULL,
        is_usable BOOLEAN DEFAULT true NOT NULL,
        origin TEXT NOT NULL,
        legacy_id TEXT,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT payment_methods_pkey PRIMARY KEY (id),
        CONSTRAINT payment_methods_kind_check CHECK (kind IN ('card', 'sepa_debit')),
        CONSTRAINT payment_methods_sepa_has_mandate_check CHECK (kind <> 'sepa_debit' OR mandate_reference IS NOT NULL),
        CONSTRAINT payment_methods_default_is_usable_check CHECK (is_usable OR NOT is_default),
        CONSTRAINT payment_methods_last4_check CHECK (length(last4) <= 4),
        CONSTRAINT payment_methods_id_is_usable_key UNIQUE (id, is_usable),
        CONSTRAINT payment_methods_organization_id_legacy_id_key UNIQUE (organization_id, legacy_id)
    )
    """,
    """
    CREATE UNIQUE INDEX payment_methods_one_default_idx ON payment_methods (organization_id) WHERE is_default
    """,
    """
    CREATE TABLE products (
        code TEXT NOT NULL,
        name JSONB NOT NULL,
        description JSONB NOT NULL,
        applications JSONB NOT NULL,
        status TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT products_pkey PRIMARY KEY (code),
        CONSTRAINT products_status_check CHECK (status IN ('active', 'retired'))
    )
    """,
    """
    CREATE TABLE regions (
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        currency TEXT NOT NULL,
        tax_mode TEXT NOT NULL,
        default_locale TEXT NOT NULL,
        time_zone TEXT NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT regions_pkey PRIMARY KEY (code),
        CONSTRAINT regions_tax_mode_check CHECK (tax_mode IN ('net', 'gross'))
    )
    """,
    """
    CREATE TABLE sandbox_charges (
        idempotency_key TEXT NOT NULL,
        id TEXT NOT NULL,
        method TEXT NOT NULL,
        amount_minor BIGINT NOT NULL,
        currency TEXT NOT NULL,
        status TEXT NOT NULL,
        failure_code TEXT,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT sandbox_charges_pkey PRIMARY KEY (idempotency_key),
        CONSTRAINT sandbox_charges_id_key UNIQUE (id)
    )
    """,
    """
    CREATE TABLE sandbox_methods (
        id TEXT NOT NULL,
        customer TEXT NOT NULL,
        kind TEXT NOT NULL,
        last4 TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT sandbox_methods_pkey PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE order_lines (
        id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        line_no INTEGER NOT NULL,
        product_code TEXT NOT NULL,
        product_name JSONB NOT NULL,
        description TEXT DEFAULT '' NOT NULL,
        quantity INTEGER NOT NULL,
        interval TEXT,
        unit_price_minor BIGINT NOT NULL,
        net_minor BIGINT NOT NULL,
        subscription_id TEXT,
        CONSTRAINT order_lines_pkey PRIMARY KEY (id),
        CONSTRAINT order_lines_order_id_line_no_key UNIQUE (order_id, line_no),
        CONSTRAINT order_lines_order_id_fkey FOREIGN KEY(order_id) REFERENCES orders (id)
    )
    """,
    """
    CREATE INDEX order_lines_subscription_idx ON order_lines (subscription_id)
    """,
    """
    CREATE TABLE prices (
        id TEXT NOT NULL,
        product_code TEXT NOT NULL,
        region_code TEXT NOT NULL,
        interval TEXT NOT NULL,
        amount_minor BIGINT NOT NULL,
        currency TEXT NOT NULL,
        valid_from DATE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT prices_pkey PRIMARY KEY (id),
        CONSTRAINT prices_product_code_region_code_interval_valid_from_key
            UNIQUE (product_code, region_code, interval, valid_from),
        CONSTRAINT prices_interval_check CHECK (interval IN ('month', 'year')),
        CONSTRAINT prices_amount_check CHECK (amount_minor >= 0),
        CONSTRAINT prices_product_code_fkey FOREIGN KEY(product_code) REFERENCES products (code),
        CONSTRAINT prices_region_code_fkey FOREIGN KEY(region_code) REFERENCES regions (code)
    )
    """,
    """
    CREATE TABLE region_countries (
        country TEXT NOT NULL,
        region_code TEXT NOT NULL,
        CONSTRAINT region_countries_pkey PRIMARY KEY (country),
        CONSTRAINT region_countries_region_code_fkey FOREIGN KEY(region_code) REFERENCES regions (code)
    )
    """,
    """
    CREATE INDEX region_countries_region_code_idx ON region_countries (region_code)
    """,
    """
    CREATE TABLE subscriptions (
        id TEXT NOT NULL,
        number TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        product_code TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        interval TEXT NOT NULL,
        unit_price_minor BIGINT NOT NULL,
        currency TEXT NOT NULL,
        tax_mode TEXT NOT NULL,
        started_on DATE NOT NULL,
        term_first_day DATE NOT NULL,
        term_last_day DATE NOT NULL,
        next_renewal_on DATE NOT NULL,
        status TEXT NOT NULL,
        cancel_at_term_end BOOLEAN NOT NULL,
        pending_quantity INTEGER,
        pending_release JSONB,
        payment_method_id TEXT,
        paying_method_id TEXT GENERATED ALWAYS AS (CASE WHEN status <> 'ended' THEN payment_method_id END) STORED,
        pays_with_usable BOOLEAN GENERATED ALWAYS AS (true) STORED,
        billing_owner TEXT NOT NULL,
        fence INTEGER NOT NULL,
        origin TEXT NOT NULL,
        transfer_id TEXT,
        legacy_id TEXT,
        invoice_number TEXT,
        order_id TEXT,
        renewal_order_id TEXT,
        expected_renewal_minor BIGINT,
        held_reason TEXT,
        past_due_since DATE,
        grace_until DATE,
        failed_attempts SMALLINT NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE,
        ended_reason TEXT,
        ended_at TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT subscriptions_pkey PRIMARY KEY (id),
        CONSTRAINT subscriptions_status_check CHECK (status IN ('active', 'past_due', 'ended')),
        CONSTRAINT subscriptions_interval_check CHECK (interval IN ('month', 'year')),
        CONSTRAINT subscriptions_amounts_check CHECK (quantity > 0 AND unit_price_minor >= 0),
        CONSTRAINT subscriptions_tax_mode_check CHECK (tax_mode IN ('net', 'gross')),
        CONSTRAINT subscriptions_term_check CHECK (term_first_day <= term_last_day AND next_renewal_on > term_last_day),
        CONSTRAINT subscriptions_billing_owner_check CHECK (billing_owner IN ('old_shop', 'none', 'new_shop')),
        CONSTRAINT subscriptions_only_new_shop_falls_due_check CHECK (due_at IS NULL OR billing_owner = 'new_shop'),
        CONSTRAINT subscriptions_ended_is_never_due_check CHECK (due_at IS NULL OR status <> 'ended'),
        CONSTRAINT subscriptions_origin_check CHECK (origin IN ('new', 'transferred')),
        CONSTRAINT subscriptions_paying_method_fkey FOREIGN KEY(paying_method_id, pays_with_usable)
            REFERENCES payment_methods (id, is_usable),
        CONSTRAINT subscriptions_organization_id_legacy_id_key UNIQUE (organization_id, legacy_id)
    )
    """,
    """
    CREATE INDEX subscriptions_due_at_idx ON subscriptions (due_at) WHERE due_at IS NOT NULL
    """,
    """
    CREATE UNIQUE INDEX subscriptions_number_idx ON subscriptions (number) WHERE origin = 'new'
    """,
    """
    CREATE INDEX subscriptions_organization_idx ON subscriptions (organization_id, id)
    """,
    """
    CREATE INDEX subscriptions_paying_method_idx ON subscriptions (paying_method_id)
    """,
    """
    CREATE INDEX subscriptions_transfer_idx ON subscriptions (transfer_id) WHERE transfer_id IS NOT NULL
    """,
    """
    CREATE TABLE wishes (
        organization_id TEXT NOT NULL,
        product_code TEXT NOT NULL,
        added_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT wishes_pkey PRIMARY KEY (organization_id, product_code),
        CONSTRAINT wishes_product_code_fkey FOREIGN KEY(product_code) REFERENCES products (code)
    )
    """,
)

TABLES = (
    "wishes",
    "subscriptions",
    "region_countries",
    "prices",
    "order_lines",
    "sandbox_methods",
    "sandbox_charges",
    "regions",
    "products",
    "payment_methods",
    "orders",
    "members",
    "invoices",
    "invoice_series",
    "customers",
    "charges",
)


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop everything."""
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP SEQUENCE order_numbers")
    op.execute("DROP SEQUENCE subscription_numbers")
    drop_chassis_tables(op)
