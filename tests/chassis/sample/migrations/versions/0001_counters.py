"""The kit's tables and the counters."""

import sqlalchemy as sa
from alembic import op

from chassis.db.migrate import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all."""
    create_chassis_tables(op)
    op.create_table(
        "counters", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Integer, nullable=False)
    )


def downgrade() -> None:
    """Drop all."""
    op.drop_table("counters")
    drop_chassis_tables(op)
