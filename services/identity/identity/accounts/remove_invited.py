"""Take back an account that nobody ever opened."""

from sqlalchemy import delete

from chassis.db.transaction import Transaction
from identity.accounts.events import AccountDisabled
from identity.accounts.models import accounts
from identity.accounts.queries import Account
from identity.audit.record import record


async def remove_invited(tx: Transaction, account: Account) -> bool:
    """Delete the account if it is still waiting for its activation, links and memberships included."""
    gone = await tx.first(
        delete(accounts).where(accounts.c.id == account.id, accounts.c.status == "invited").returning(accounts.c.id)
    )
    if gone is None:
        return False
    await record(tx, "account.removed", account.id)
    tx.emit(AccountDisabled(account_id=account.id, email=account.email))
    return True
