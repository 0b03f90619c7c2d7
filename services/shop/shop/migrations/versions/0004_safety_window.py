"""Safety windows of waves, and dry runs of large waves that work on in the background.

Without it no wave can be planned, shown or checked by this release.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "ALTER TABLE transfer_waves ADD COLUMN safety_window_days SMALLINT DEFAULT '0' NOT NULL",
    "ALTER TABLE transfer_waves ADD COLUMN check_progress JSONB",
    "ALTER TABLE transfer_waves ADD COLUMN check_asked_at TIMESTAMP WITH TIME ZONE",
    """
    ALTER TABLE transfer_waves ADD CONSTRAINT transfer_waves_safety_window_days_check
        CHECK (safety_window_days BETWEEN 0 AND 60)
    """,
    """
    CREATE INDEX transfer_waves_to_check_idx ON transfer_waves (check_asked_at) WHERE check_asked_at IS NOT NULL
    """,
)
BACK = (
    "DROP INDEX transfer_waves_to_check_idx",
    "ALTER TABLE transfer_waves DROP COLUMN check_asked_at",
    "ALTER TABLE transfer_waves DROP COLUMN check_progress",
    "ALTER TABLE transfer_waves DROP COLUMN safety_window_days",
)


def upgrade() -> None:
    """Give waves a window, and their checks a place to say how far they are."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Forget the windows: nobody is held for a renewal any more."""
    for statement in BACK:
        op.execute(statement)
