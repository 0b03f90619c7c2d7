"""The transfer from the legacy shop: its exported rows, imports, waves, transfers, release lists.

Without it no customer can come over. The constraints are the guarantees: a customer is in one open transfer only, and
an organization belongs to one customer of the legacy shop.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    CREATE TABLE legacy_customers (
        load INTEGER NOT NULL,
        line INTEGER NOT NULL,
        digest BIGINT NOT NULL,
        repeat SMALLINT,
        legacy_id TEXT NOT NULL,
        company TEXT NOT NULL,
        email TEXT NOT NULL,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        country TEXT NOT NULL,
        language TEXT NOT NULL,
        time_zone TEXT NOT NULL,
        vat_id TEXT NOT NULL,
        street TEXT NOT NULL,
        postal_code TEXT NOT NULL,
        city TEXT NOT NULL,
        phone TEXT NOT NULL,
        email_key TEXT
    )
    """,
    """
    CREATE INDEX legacy_customers_load_legacy_id_idx ON legacy_customers (load, legacy_id)
    """,
    """
    CREATE TABLE legacy_subscriptions (
        load INTEGER NOT NULL,
        line INTEGER NOT NULL,
        digest BIGINT NOT NULL,
        repeat SMALLINT,
        legacy_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        number TEXT NOT NULL,
        product_code TEXT NOT NULL,
        quantity TEXT NOT NULL,
        status TEXT NOT NULL,
        auto_renew TEXT NOT NULL,
        interval TEXT NOT NULL,
        unit_price_minor TEXT NOT NULL,
        currency TEXT NOT NULL,
        started_on TEXT NOT NULL,
        term_start TEXT NOT NULL,
        term_end TEXT NOT NULL,
        next_renewal_on TEXT NOT NULL,
        payment_method_id TEXT NOT NULL,
        invoice_number TEXT NOT NULL
    )
    """,
    """
    CREATE INDEX legacy_subscriptions_load_customer_id_idx ON legacy_subscriptions (load, customer_id)
    """,
    """
    CREATE INDEX legacy_subscriptions_load_legacy_id_idx ON legacy_subscriptions (load, legacy_id)
    """,
    """
    CREATE TABLE legacy_orders (
        load INTEGER NOT NULL,
        line INTEGER NOT NULL,
        digest BIGINT NOT NULL,
        repeat SMALLINT,
        legacy_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        number TEXT NOT NULL,
        placed_at TEXT NOT NULL,
        status TEXT NOT NULL,
        currency TEXT NOT NULL,
        net_minor TEXT NOT NULL,
        tax_minor TEXT NOT NULL,
        total_minor TEXT NOT NULL,
        invoice_number TEXT NOT NULL
    )
    """,
    """
    CREATE INDEX legacy_orders_load_customer_id_idx ON legacy_orders (load, customer_id)
    """,
    """
    CREATE INDEX legacy_orders_load_legacy_id_idx ON legacy_orders (load, legacy_id)
    """,
    """
    CREATE TABLE legacy_order_lines (
        load INTEGER NOT NULL,
        line INTEGER NOT NULL,
        digest BIGINT NOT NULL,
        repeat SMALLINT,
        order_id TEXT NOT NULL,
        line_no TEXT NOT NULL,
        product_code TEXT NOT NULL,
        description TEXT NOT NULL,
        quantity TEXT NOT NULL,
        unit_price_minor TEXT NOT NULL,
        subscription_id TEXT NOT NULL,
        one_off_license_id TEXT NOT NULL
    )
    """,
    """
    CREATE INDEX legacy_order_lines_load_order_id_idx ON legacy_order_lines (load, order_id)
    """,
    """
    CREATE TABLE legacy_payment_methods (
        load INTEGER NOT NULL,
        line INTEGER NOT NULL,
        digest BIGINT NOT NULL,
        repeat SMALLINT,
        legacy_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        provider TEXT NOT NULL,
        provider_customer TEXT NOT NULL,
        provider_method TEXT NOT NULL,
        brand TEXT NOT NULL,
        last4 TEXT NOT NULL,
        exp_month TEXT NOT NULL,
        exp_year TEXT NOT NULL,
        mandate_reference TEXT NOT NULL,
        mandate_signed_on TEXT NOT NULL
    )
    """,
    """
    CREATE INDEX legacy_payment_methods_load_customer_id_idx ON legacy_payment_methods (load, customer_id)
    """,
    """
    CREATE INDEX legacy_payment_methods_load_legacy_id_idx ON legacy_payment_methods (load, legacy_id)
    """,
    """
    CREATE TABLE legacy_one_off_licenses (
        load INTEGER NOT NULL,
        line INTEGER NOT NULL,
        digest BIGINT NOT NULL,
        repeat SMALLINT,
        legacy_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        product_code TEXT NOT NULL,
        quantity TEXT NOT NULL,
        purchased_on TEXT NOT NULL,
        expires_on TEXT NOT NULL,
        units_total TEXT NOT NULL,
        units_used TEXT NOT NULL
    )
    """,
    """
    CREATE INDEX legacy_one_off_licenses_load_customer_id_idx ON legacy_one_off_licenses (load, customer_id)
    """,
    """
    CREATE INDEX legacy_one_off_licenses_load_legacy_id_idx ON legacy_one_off_licenses (load, legacy_id)
    """,
    """
    CREATE TABLE legacy_directory (
        legacy_id TEXT NOT NULL,
        load INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        company TEXT NOT NULL,
        email_key TEXT NOT NULL,
        country TEXT NOT NULL,
        region TEXT,
        exported_on DATE NOT NULL,
        outcome TEXT,
        codes TEXT[] DEFAULT '{}' NOT NULL,
        warnings TEXT[] DEFAULT '{}' NOT NULL,
        seats INTEGER DEFAULT '0' NOT NULL,
        renews_from DATE,
        renews_to DATE,
        organization_id TEXT,
        moved_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT legacy_directory_pkey PRIMARY KEY (legacy_id),
        CONSTRAINT legacy_directory_organization_id_key UNIQUE (organization_id)
    )
    """,
    """
    CREATE INDEX legacy_directory_email_key_idx ON legacy_directory (email_key)
    """,
    """
    CREATE INDEX legacy_directory_load_idx ON legacy_directory (load)
    """,
    """
    CREATE TABLE transfer_imports (
        id TEXT NOT NULL,
        load INTEGER GENERATED ALWAYS AS IDENTITY,
        source TEXT NOT NULL,
        exported_on DATE NOT NULL,
        transfer_on DATE NOT NULL,
        product_map JSONB DEFAULT '{}'::jsonb NOT NULL,
        files JSONB DEFAULT '{}'::jsonb NOT NULL,
        state TEXT NOT NULL,
        progress JSONB DEFAULT '{}'::jsonb NOT NULL,
        changed JSONB DEFAULT '{}'::jsonb NOT NULL,
        summary JSONB,
        error TEXT,
        created_by TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT transfer_imports_pkey PRIMARY KEY (id),
        CONSTRAINT transfer_imports_state_check
            CHECK (state IN ('received', 'reading', 'publishing', 'checking', 'completed', 'failed')),
        CONSTRAINT transfer_imports_load_key UNIQUE (load)
    )
    """,
    """
    CREATE INDEX transfer_imports_open_idx ON transfer_imports (load) WHERE finished_at IS NULL
    """,
    """
    CREATE TABLE import_findings (
        load INTEGER NOT NULL,
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        stage TEXT NOT NULL,
        file TEXT NOT NULL,
        line INTEGER NOT NULL,
        "column" TEXT NOT NULL,
        code TEXT NOT NULL,
        level TEXT NOT NULL,
        key TEXT NOT NULL,
        customer TEXT NOT NULL,
        value TEXT NOT NULL,
        CONSTRAINT import_findings_pkey PRIMARY KEY (id),
        CONSTRAINT import_findings_stage_check CHECK (stage IN ('reading', 'rules'))
    )
    """,
    """
    CREATE INDEX import_findings_customer_idx ON import_findings (load, customer)
    """,
    """
    CREATE INDEX import_findings_place_idx ON import_findings (load, file, line, id)
    """,
    """
    CREATE TABLE import_changes (
        load INTEGER NOT NULL,
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        file TEXT NOT NULL,
        key TEXT NOT NULL,
        customer TEXT NOT NULL,
        change TEXT NOT NULL,
        differences JSONB DEFAULT '{}'::jsonb NOT NULL,
        CONSTRAINT import_changes_pkey PRIMARY KEY (id),
        CONSTRAINT import_changes_change_check CHECK (change IN ('added', 'changed', 'removed'))
    )
    """,
    """
    CREATE INDEX import_changes_load_idx ON import_changes (load, id)
    """,
    """
    CREATE TABLE transfer_waves (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        transfer_on DATE NOT NULL,
        state TEXT NOT NULL,
        filter JSONB,
        version INTEGER DEFAULT '1' NOT NULL,
        last_check JSONB,
        created_by TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        scheduled_at TIMESTAMP WITH TIME ZONE,
        started_at TIMESTAMP WITH TIME ZONE,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT transfer_waves_pkey PRIMARY KEY (id),
        CONSTRAINT transfer_waves_state_check
            CHECK (state IN ('draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled'))
    )
    """,
    """
    CREATE TABLE transfers (
        id TEXT NOT NULL,
        wave_id TEXT NOT NULL,
        legacy_customer_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        company TEXT NOT NULL,
        email TEXT NOT NULL,
        state TEXT NOT NULL,
        transfer_on DATE NOT NULL,
        announced_for DATE,
        revision INTEGER DEFAULT '1' NOT NULL,
        next_at TIMESTAMP WITH TIME ZONE,
        outcome TEXT,
        codes TEXT[] DEFAULT '{}' NOT NULL,
        warnings TEXT[] DEFAULT '{}' NOT NULL,
        failure_code TEXT,
        failure_detail TEXT,
        held_from TEXT,
        fence INTEGER DEFAULT '0' NOT NULL,
        reminders SMALLINT DEFAULT '0' NOT NULL,
        mail_failed BOOLEAN DEFAULT false NOT NULL,
        moved JSONB,
        announced_at TIMESTAMP WITH TIME ZONE,
        reminded_at TIMESTAMP WITH TIME ZONE,
        transferred_at TIMESTAMP WITH TIME ZONE,
        activated_at TIMESTAMP WITH TIME ZONE,
        first_sign_in_at TIMESTAMP WITH TIME ZONE,
        first_renewal_at TIMESTAMP WITH TIME ZONE,
        settled_at TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT transfers_pkey PRIMARY KEY (id),
        CONSTRAINT transfers_state_check
            CHECK (state IN ('planned', 'announced', 'reminded', 'transferring', 'transferred',
                'activated', 'settled', 'failed', 'postponed', 'rolled_back', 'cancelled', 'held')),
        CONSTRAINT transfers_wave_id_fkey
            FOREIGN KEY(wave_id) REFERENCES transfer_waves (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX transfers_due_idx ON transfers (next_at, id) WHERE next_at IS NOT NULL
    """,
    """
    CREATE INDEX transfers_email_idx ON transfers (email)
    """,
    """
    CREATE UNIQUE INDEX transfers_one_open_per_customer_idx ON transfers (legacy_customer_id)
            WHERE state NOT IN ('cancelled', 'rolled_back')
    """,
    """
    CREATE INDEX transfers_organization_id_idx ON transfers (organization_id)
    """,
    """
    CREATE INDEX transfers_wave_idx ON transfers (wave_id, id)
    """,
    """
    CREATE TABLE transfer_entries (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        transfer_id TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        what TEXT NOT NULL,
        detail JSONB DEFAULT '{}'::jsonb NOT NULL,
        actor TEXT NOT NULL,
        CONSTRAINT transfer_entries_pkey PRIMARY KEY (id),
        CONSTRAINT transfer_entries_transfer_id_fkey
            FOREIGN KEY(transfer_id) REFERENCES transfers (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX transfer_entries_transfer_id_idx ON transfer_entries (transfer_id)
    """,
    """
    CREATE TABLE transfer_releases (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        transfer_id TEXT NOT NULL,
        wave_id TEXT NOT NULL,
        action TEXT NOT NULL,
        fence INTEGER NOT NULL,
        legacy_customer_id TEXT NOT NULL,
        subscriptions JSONB NOT NULL,
        asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
        acknowledged_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT transfer_releases_pkey PRIMARY KEY (id),
        CONSTRAINT transfer_releases_action_check CHECK (action IN ('release', 'restore')),
        CONSTRAINT transfer_releases_transfer_id_fkey
            FOREIGN KEY(transfer_id) REFERENCES transfers (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX transfer_releases_transfer_id_idx ON transfer_releases (transfer_id)
    """,
    """
    CREATE INDEX transfer_releases_wave_id_idx ON transfer_releases (wave_id)
    """,
)
TABLES = (
    "transfer_releases",
    "transfer_entries",
    "transfers",
    "transfer_waves",
    "import_changes",
    "import_findings",
    "transfer_imports",
    "legacy_directory",
    "legacy_one_off_licenses",
    "legacy_payment_methods",
    "legacy_order_lines",
    "legacy_orders",
    "legacy_subscriptions",
    "legacy_customers",
)


def upgrade() -> None:
    """Create the transfer's tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Remove them again."""
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
