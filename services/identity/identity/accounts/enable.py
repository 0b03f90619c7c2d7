"""Let a disabled account sign in again."""

from sqlalchemy import case, exists, select, update

from chassis.db.transaction import Transaction
from identity.accounts.errors import AccountNotFound
from identity.accounts.events import AccountEnabled
from identity.accounts.models import accounts, passwords
from identity.accounts.queries import Account, account_columns, find_account
from identity.audit.record import record


async def enable(tx: Transaction, *, account_id: str) -> Account:
    """The account, active again, or invited again when it never had a password; twice is harmless.

    Raises AccountNotFound.
    """
    has_password = exists(select(passwords.c.account_id).where(passwords.c.account_id == accounts.c.id))
    row = await tx.first(
        update(accounts)
        .where(accounts.c.id == account_id, accounts.c.status == "disabled")
        .values(status=case((has_password, "active"), else_="invited"), disabled_at=None)
        .returning(*account_columns)
    )
    if row is None:
        account = await find_account(tx, account_id=account_id)
        if account is None:
            raise AccountNotFound
        return account
    account = Account.of(row)
    await record(tx, "account.enabled", account.id)
    tx.emit(AccountEnabled(account_id=account.id, email=account.email))
    return account
