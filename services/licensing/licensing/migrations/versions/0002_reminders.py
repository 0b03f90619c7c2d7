"""When to look whether seats of a license still wait for somebody.

Without it nobody is reminded. Licenses granted before are left alone: their buyers have seen them for long.
"""

from alembic import op
from sqlalchemy import Column, DateTime, text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add it; a column without a value changes no row."""
    op.add_column("licenses", Column("remind_at", DateTime(timezone=True)))
    op.create_index("licenses_remind_idx", "licenses", ["remind_at"], postgresql_where=text("remind_at IS NOT NULL"))


def downgrade() -> None:
    """Take it away."""
    op.drop_index("licenses_remind_idx", "licenses")
    op.drop_column("licenses", "remind_at")
