"""Close an account until it is enabled again."""

from sqlalchemy import func, update

from chassis.db.transaction import Transaction
from identity.accounts.errors import AccountNotFound
from identity.accounts.events import AccountDisabled
from identity.accounts.models import accounts
from identity.accounts.queries import Account, account_columns, find_account
from identity.audit.record import record
from identity.tiles import tiles_changed


async def disable(tx: Transaction, *, account_id: str) -> Account:
    """The account, which cannot sign in any more and whose tokens are refused; twice is harmless.

    Ending its sessions is the caller's part. Raises AccountNotFound.
    """
    row = await tx.first(
        update(accounts)
        .where(accounts.c.id == account_id, accounts.c.status != "disabled")
        .values(status="disabled", disabled_at=tx.now, tokens_not_before=func.date_trunc("second", func.now()))
        .returning(*account_columns)
    )
    if row is None:
        return await _as_it_is(tx, account_id)
    account = Account.of(row)
    await record(tx, "account.disabled", account.id)
    tx.emit(AccountDisabled(account_id=account.id, email=account.email))
    tiles_changed(tx, [account.id])
    return account


async def _as_it_is(tx: Transaction, account_id: str) -> Account:
    account = await find_account(tx, account_id=account_id)
    if account is None:
        raise AccountNotFound
    return account
