"""A choice of its own for each reminder about licenses.

Without it they are wanted all or not at all. What was chosen stays.
"""

from alembic import op

revision = "0002_preferences"
down_revision = "0001_notifications"

BEFORE = "category IN ('service', 'marketing')"
AFTER = "category IN ('service', 'seats_low', 'seats_waiting', 'license_expiring', 'marketing')"
NAME = "notification_preferences_category_check"


def upgrade() -> None:
    """Allow the new kinds."""
    _allow(AFTER)


def downgrade() -> None:
    """Forget what was chosen for them."""
    op.execute("DELETE FROM notification_preferences WHERE category NOT IN ('service', 'marketing')")
    _allow(BEFORE)


def _allow(condition: str) -> None:
    op.drop_constraint(op.f(NAME), "notification_preferences")
    op.create_check_constraint(op.f(NAME), "notification_preferences", condition)
