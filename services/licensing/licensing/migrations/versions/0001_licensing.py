"""Licenses, seats, assignments and what surrounds them.

Without it there is nothing to serve. `text_interval` is a range over texts: the GiST operator class that every range
type brings along lets an exclusion constraint compare texts for equality; btree_gist may be absent.
"""

from alembic import op

from chassis.db.migrate import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TYPE text_interval AS RANGE (subtype = text, collation = "C")
    """,
    """
    CREATE TABLE entitlement_changes (
        no BIGINT GENERATED ALWAYS AS IDENTITY,
        email TEXT NOT NULL,
        product_code TEXT NOT NULL,
        CONSTRAINT entitlement_changes_pkey PRIMARY KEY (no)
    )
    """,
    """
    CREATE TABLE history (
        no BIGINT GENERATED ALWAYS AS IDENTITY,
        organization_id TEXT NOT NULL,
        license_id TEXT NOT NULL,
        assignment_id TEXT,
        action TEXT NOT NULL,
        actor TEXT NOT NULL,
        happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        details JSONB DEFAULT '{}'::jsonb NOT NULL,
        CONSTRAINT history_pkey PRIMARY KEY (no)
    )
    """,
    """
    CREATE INDEX history_assignment_idx ON history (assignment_id, no)
    """,
    """
    CREATE INDEX history_license_idx ON history (license_id, no)
    """,
    """
    CREATE TABLE licenses (
        id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        product_code TEXT NOT NULL,
        origin TEXT NOT NULL,
        subscription_id TEXT,
        subscription_number TEXT,
        invoice_number TEXT,
        transfer_id TEXT,
        legacy_id TEXT,
        buyer JSONB,
        buyer_email TEXT,
        starts_on DATE NOT NULL,
        first_day DATE NOT NULL,
        last_day DATE,
        renews BOOLEAN NOT NULL,
        past_due BOOLEAN DEFAULT false NOT NULL,
        grace_until DATE,
        ended_at TIMESTAMP WITH TIME ZONE,
        ended_reason TEXT,
        quantity INTEGER NOT NULL,
        over_quantity INTEGER DEFAULT 0 NOT NULL,
        units_total BIGINT,
        units_used BIGINT DEFAULT 0 NOT NULL,
        access_from TIMESTAMP WITH TIME ZONE NOT NULL,
        assured_until TIMESTAMP WITH TIME ZONE,
        access_until TIMESTAMP WITH TIME ZONE,
        lapse TEXT NOT NULL,
        announced TEXT NOT NULL,
        look_again_at TIMESTAMP WITH TIME ZONE,
        sequence BIGINT DEFAULT 0 NOT NULL,
        version INTEGER DEFAULT 1 NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT licenses_pkey PRIMARY KEY (id),
        CONSTRAINT licenses_subscription_id_key UNIQUE (subscription_id),
        CONSTRAINT licenses_organization_id_legacy_id_key UNIQUE (organization_id, legacy_id),
        CONSTRAINT licenses_origin_check CHECK (origin IN ('subscription', 'transferred', 'one_off')),
        CONSTRAINT licenses_quantity_check CHECK (quantity >= 1),
        CONSTRAINT licenses_over_quantity_check CHECK (over_quantity >= 0),
        CONSTRAINT licenses_term_check CHECK (last_day >= first_day),
        CONSTRAINT licenses_units_check CHECK (units_used >= 0 AND units_used <= units_total)
    )
    """,
    """
    CREATE INDEX licenses_look_again_idx ON licenses (look_again_at) WHERE look_again_at IS NOT NULL
    """,
    """
    CREATE INDEX licenses_one_off_idx ON licenses (buyer_email, product_code) WHERE origin = 'one_off'
    """,
    """
    CREATE INDEX licenses_organization_product_idx ON licenses (organization_id, product_code, id)
    """,
    """
    CREATE INDEX licenses_transfer_idx ON licenses (transfer_id) WHERE transfer_id IS NOT NULL
    """,
    """
    CREATE TABLE organizations (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        locale TEXT NOT NULL,
        time_zone TEXT NOT NULL,
        country TEXT,
        region TEXT,
        noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT organizations_pkey PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE products (
        code TEXT NOT NULL,
        name JSONB NOT NULL,
        applications JSONB DEFAULT '[]'::jsonb NOT NULL,
        from_catalog BOOLEAN DEFAULT false NOT NULL,
        noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT products_pkey PRIMARY KEY (code)
    )
    """,
    """
    CREATE TABLE transfers (
        id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        buyer_email TEXT NOT NULL,
        state TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT transfers_pkey PRIMARY KEY (id),
        CONSTRAINT transfers_state_check CHECK (state IN ('pending', 'transferred', 'rolled_back'))
    )
    """,
    """
    CREATE INDEX transfers_waiting_idx ON transfers (buyer_email) WHERE state <> 'transferred'
    """,
    """
    CREATE TABLE seats (
        no BIGINT GENERATED ALWAYS AS IDENTITY,
        license_id TEXT NOT NULL,
        slot INTEGER NOT NULL,
        retired_at TIMESTAMP WITH TIME ZONE,
        is_live BOOLEAN GENERATED ALWAYS AS (retired_at IS NULL) STORED NOT NULL,
        CONSTRAINT seats_pkey PRIMARY KEY (no),
        CONSTRAINT seats_license_id_slot_key UNIQUE (license_id, slot),
        CONSTRAINT seats_license_id_no_is_live_key UNIQUE (license_id, no, is_live),
        CONSTRAINT seats_slot_check CHECK (slot >= 1),
        CONSTRAINT seats_license_id_fkey FOREIGN KEY(license_id) REFERENCES licenses (id)
    )
    """,
    """
    CREATE TABLE usages (
        license_id TEXT NOT NULL,
        reference TEXT NOT NULL,
        units BIGINT NOT NULL,
        actor TEXT NOT NULL,
        used_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT usages_pkey PRIMARY KEY (license_id, reference),
        CONSTRAINT usages_units_check CHECK (units > 0),
        CONSTRAINT usages_license_id_fkey FOREIGN KEY(license_id) REFERENCES licenses (id)
    )
    """,
    """
    CREATE TABLE assignments (
        id TEXT NOT NULL,
        license_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        product_code TEXT NOT NULL,
        seat_no BIGINT NOT NULL,
        seat INTEGER NOT NULL,
        email TEXT NOT NULL,
        first_day DATE NOT NULL,
        last_day DATE,
        until_day DATE,
        starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ends_at TIMESTAMP WITH TIME ZONE,
        state TEXT NOT NULL,
        automatic BOOLEAN DEFAULT false NOT NULL,
        note TEXT,
        previous_id TEXT,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        closed_at TIMESTAMP WITH TIME ZONE,
        closed_by TEXT,
        closed_reason TEXT,
        version INTEGER DEFAULT 1 NOT NULL,
        holds BOOLEAN GENERATED ALWAYS AS (CASE WHEN closed_at IS NULL THEN true END) STORED,
        CONSTRAINT assignments_pkey PRIMARY KEY (id),
        CONSTRAINT assignments_seat_is_live_fkey
            FOREIGN KEY(license_id, seat_no, holds)
            REFERENCES seats (license_id, no, is_live),
        CONSTRAINT assignments_license_id_fkey FOREIGN KEY(license_id) REFERENCES licenses (id),
        CONSTRAINT assignments_period_check CHECK (until_day >= first_day),
        CONSTRAINT assignments_until_day_check CHECK (until_day <= last_day),
        CONSTRAINT assignments_instants_check CHECK (ends_at > starts_at),
        CONSTRAINT assignments_email_check CHECK (email = lower(email)),
        CONSTRAINT assignments_state_check CHECK (state IN ('scheduled', 'started', 'ended', 'deactivated')),
        CONSTRAINT assignments_closed_check CHECK ((closed_at IS NULL) = (closed_reason IS NULL)),
        CONSTRAINT assignments_closed_reason_check
            CHECK (closed_reason IN ('deactivated', 'reassigned', 'released', 'ended', 'license_ended', 'rolled_back')),
        CONSTRAINT assignments_one_holder_per_seat_and_day
            EXCLUDE USING gist (int8range(seat_no, seat_no, '[]') WITH &&,
                daterange(first_day, until_day, '[]') WITH &&)
            WHERE (closed_at IS NULL) DEFERRABLE INITIALLY IMMEDIATE,
        CONSTRAINT assignments_one_seat_per_address_and_day
            EXCLUDE USING gist (text_interval(email, email, '[]') WITH &&,
                text_interval(organization_id, organization_id, '[]') WITH &&,
                text_interval(product_code, product_code, '[]') WITH &&,
                daterange(first_day, until_day, '[]') WITH &&)
            WHERE (closed_at IS NULL)
    )
    """,
    """
    CREATE INDEX assignments_email_product_idx ON assignments (email, product_code)
    """,
    """
    CREATE INDEX assignments_ending_idx ON assignments (ends_at) WHERE closed_at IS NULL AND ends_at IS NOT NULL
    """,
    """
    CREATE INDEX assignments_license_idx ON assignments (license_id, id)
    """,
    """
    CREATE INDEX assignments_organization_product_idx ON assignments (organization_id, product_code)
    """,
    """
    CREATE INDEX assignments_seat_idx ON assignments (seat_no) WHERE closed_at IS NULL
    """,
    """
    CREATE INDEX assignments_starting_idx ON assignments (starts_at) WHERE state = 'scheduled' AND closed_at IS NULL
    """,
)
TABLES = (
    "assignments",
    "usages",
    "seats",
    "transfers",
    "products",
    "organizations",
    "licenses",
    "history",
    "entitlement_changes",
)


def upgrade() -> None:
    """Create all."""
    create_chassis_tables(op)
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop all."""
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP TYPE text_interval")
    drop_chassis_tables(op)
