"""The addresses of accounts, to answer for whom only the account is known.

Without it nobody can ask by account. Accounts made before are known from their next event on.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "accounts",
        Column("id", Text, primary_key=True),
        Column("email", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("accounts")
