"""How assignments are stored, and the constraints that make the promises about seats hold whatever happens at once."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from chassis.db.base import day, id_column, timestamp
from licensing.metadata import metadata

IS_OPEN = text("closed_at IS NULL")
HELD_DAYS = text("daterange(first_day, until_day, '[]')")

assignments = Table(
    "assignments",
    metadata,
    id_column(),
    Column("license_id", Text, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("product_code", Text, nullable=False),
    Column("seat_no", BigInteger, nullable=False),
    Column("seat", Integer, nullable=False),
    Column("email", Text, nullable=False),
    # The days as they were asked for; no last day = as long as the license.
    day("first_day"),
    day("last_day", nullable=True),
    # The last day the seat is really taken: last_day, or the last day of a license that does not renew.
    day("until_day", nullable=True),
    # The same days as instants in the organization's time zone: [starts_at, ends_at).
    timestamp("starts_at"),
    timestamp("ends_at", nullable=True),
    Column("state", Text, nullable=False),
    Column("automatic", Boolean, nullable=False, server_default=text("false")),
    Column("note", Text),
    Column("previous_id", Text),
    timestamp("created_at"),
    Column("created_by", Text, nullable=False),
    timestamp("closed_at", nullable=True),
    Column("closed_by", Text),
    Column("closed_reason", Text),
    Column("version", Integer, nullable=False, server_default=text("1")),
    # NULL once closed, so that the foreign key below binds only those who hold a seat.
    Column("holds", Boolean, Computed("CASE WHEN closed_at IS NULL THEN true END", persisted=True)),
    ForeignKeyConstraint(
        ["license_id", "seat_no", "holds"],
        ["seats.license_id", "seats.no", "seats.is_live"],
        name="assignments_seat_is_live_fkey",
    ),
    ForeignKeyConstraint(["license_id"], ["licenses.id"]),
    CheckConstraint("until_day >= first_day", name="period"),
    CheckConstraint("until_day <= last_day", name="until_day"),
    CheckConstraint("ends_at > starts_at", name="instants"),
    CheckConstraint("email = lower(email)", name="email"),
    CheckConstraint("state IN ('scheduled', 'started', 'ended', 'deactivated')", name="state"),
    CheckConstraint("(closed_at IS NULL) = (closed_reason IS NULL)", name="closed"),
    CheckConstraint(
        "closed_reason IN ('deactivated', 'reassigned', 'released', 'ended', 'license_ended', 'rolled_back')",
        name="closed_reason",
    ),
    ExcludeConstraint(
        (text("int8range(seat_no, seat_no, '[]')"), "&&"),
        (HELD_DAYS, "&&"),
        name="assignments_one_holder_per_seat_and_day",
        where=IS_OPEN,
        deferrable=True,
        initially="IMMEDIATE",
    ),
    ExcludeConstraint(
        (text("text_interval(email, email, '[]')"), "&&"),
        (text("text_interval(organization_id, organization_id, '[]')"), "&&"),
        (text("text_interval(product_code, product_code, '[]')"), "&&"),
        (HELD_DAYS, "&&"),
        name="assignments_one_seat_per_address_and_day",
        where=IS_OPEN,
    ),
    Index("assignments_email_product_idx", "email", "product_code"),
    Index("assignments_organization_product_idx", "organization_id", "product_code"),
    Index("assignments_license_idx", "license_id", "id"),
    Index("assignments_seat_idx", "seat_no", postgresql_where=IS_OPEN),
    Index("assignments_starting_idx", "starts_at", postgresql_where=text("state = 'scheduled' AND closed_at IS NULL")),
    Index("assignments_ending_idx", "ends_at", postgresql_where=text("closed_at IS NULL AND ends_at IS NOT NULL")),
)
