"""Give an account the rights of the vendor's own staff."""

from sqlalchemy import update

from chassis.db.transaction import Transaction
from identity.accounts.models import accounts
from identity.audit.record import record


async def make_operator(tx: Transaction, *, account_id: str) -> None:
    """Let the account do everything operators may; twice is harmless."""
    await tx.execute(update(accounts).where(accounts.c.id == account_id).values(operator_roles=["operator"]))
    await record(tx, "account.made_operator", account_id)
