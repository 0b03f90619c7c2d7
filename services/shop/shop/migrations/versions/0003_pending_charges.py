"""Charges that are on their way for days: direct debits at a real provider.

Without it the answer "pending" of a provider cannot be written down, and its charge stays unknown.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "ALTER TABLE charges DROP CONSTRAINT charges_status_check",
    """
    ALTER TABLE charges ADD CONSTRAINT charges_status_check CHECK
        (status IN ('created', 'unknown', 'action_required', 'pending', 'succeeded', 'declined', 'refunded'))
    """,
    "DROP INDEX charges_one_open_idx",
    """
    CREATE UNIQUE INDEX charges_one_open_idx ON charges (order_id)
        WHERE status IN ('created', 'unknown', 'action_required', 'pending')
    """,
)
BACK = (
    "UPDATE charges SET status = 'unknown' WHERE status = 'pending'",
    "ALTER TABLE charges DROP CONSTRAINT charges_status_check",
    """
    ALTER TABLE charges ADD CONSTRAINT charges_status_check CHECK
        (status IN ('created', 'unknown', 'action_required', 'succeeded', 'declined', 'refunded'))
    """,
    "DROP INDEX charges_one_open_idx",
    """
    CREATE UNIQUE INDEX charges_one_open_idx ON charges (order_id)
        WHERE status IN ('created', 'unknown', 'action_required')
    """,
)


def upgrade() -> None:
    """Let a charge be pending."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Ask about pending charges as about unknown ones."""
    for statement in BACK:
        op.execute(statement)
